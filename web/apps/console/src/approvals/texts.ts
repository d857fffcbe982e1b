import { defineTexts } from '@sekisho/ui/language';

export const approvalTexts = defineTexts('console.approvals', {
  'title': { ja: '承認', en: 'Approvals' },
  'lead': {
    ja: '二人目の判断を待つ依頼です。電話などで依頼した人と話してから判断してください。確認番号（4桁）は、依頼した人の画面を読み上げてもらいます。',
    en: 'What waits for a second person. Speak with whoever asks, by telephone for instance; the four digits are read out from the asker’s screen.',
  },
  'empty': { ja: '待っている依頼はありません', en: 'Nothing is waiting' },
  'empty.do': { ja: '新しい依頼が届くと、ここに自動で表示されます。', en: 'New requests appear here by themselves.' },
  'kind.face_enrolment': { ja: '顔の登録の立ち会い', en: 'Witness a face enrolment' },
  'kind.approved_session': { ja: '承認による接続', en: 'Session by approval' },
  'kind.passkey': { ja: 'パスキーの登録', en: 'Register a passkey' },
  'kind.invitation': { ja: '招待リンクの発行', en: 'Make an invitation link' },
  'what.face_enrolment': {
    ja: '承認すると、このPCでこの人の顔を登録できます。登録する人が本人であることを、あなたが確かめます。',
    en: 'Once approved, this person’s face is enrolled on this PC. You confirm that it is the right person.',
  },
  'what.approved_session': {
    ja: '承認すると、顔認証なしで60分まで接続できます。接続先は限られ、離席すると終わります。',
    en: 'Once approved, the person connects without a face check for at most 60 minutes, to fewer desktops; leaving the seat ends it.',
  },
  'what.passkey': {
    ja: '承認すると、この人は接続に使うパスキーを登録できます。登録する人が本人であることを、あなたが確かめます。',
    en: 'Once approved, this person registers a passkey for connecting. You confirm that it is the right person.',
  },
  'what.invitation': {
    ja: '承認すると、依頼した管理者が、この人の招待リンクを1つ発行できます。リンクを開いた人は、この人としてログインできるようになります。本人が新しいパスキーを必要としていることを、本人に確かめてください。',
    en: 'Once approved, the administrator who asks can make one invitation link for this person. Whoever opens it can sign in as this person. Ask the person whether a new passkey is really needed.',
  },
  'by': { ja: '依頼した管理者', en: 'Asked by' },
  'note': { ja: '本人からの伝言', en: 'Note from the person' },
  'pc': { ja: 'PC', en: 'PC' },
  'asked': { ja: '依頼の時刻', en: 'Asked at' },
  'left': { ja: '残り {{left}}', en: '{{left}} left' },
  'left.none': { ja: '期限切れ', en: 'Expired' },
  'code': { ja: '依頼した人の画面の確認番号（4桁）', en: 'Number on the asker’s screen (4 digits)' },
  'code.help': {
    ja: 'この画面には表示されません。依頼した人から聞いた番号を入力します。3回間違えると、依頼は取り消されます。',
    en: 'It is not shown here. Enter what the asker reads out. After three wrong numbers the request is dropped.',
  },
  'code.missing': { ja: '4桁の数字を入力してください。', en: 'Enter four digits.' },
  'watch': { ja: '映像で立ち会う', en: 'Watch by video' },
  'watch.of': { ja: '{{name}}さんの顔の登録に映像で立ち会う', en: 'Watch the enrolment of {{name}} by video' },
  'watch.may': { ja: 'そばにいないときは、電話をつないで映像で立ち会えます。', en: 'If you are not beside, be on the phone and watch by video.' },
  'watch.needed': { ja: '交換で届いたPCです。電話をつないで、映像で立ち会ってください。', en: 'This PC came as a replacement. Be on the phone and watch by video.' },
  'approve': { ja: '承認する', en: 'Approve' },
  'refuse': { ja: '却下する', en: 'Refuse' },
  'refuse.title': { ja: '{{name}}の依頼を却下しますか', en: 'Refuse the request of {{name}}?' },
  'refuse.1': { ja: '依頼は取り消され、依頼した人の画面に却下されたことが表示されます。', en: 'The request is dropped, and the asker’s screen says that it was refused.' },
  'refuse.2': { ja: '依頼した人は、もう一度依頼できます。', en: 'They may ask again.' },
  'done.approved': { ja: '{{name}}の依頼を承認しました。', en: 'Approved: {{name}}.' },
  'done.refused': { ja: '{{name}}の依頼を却下しました。', en: 'Refused: {{name}}.' },
});
