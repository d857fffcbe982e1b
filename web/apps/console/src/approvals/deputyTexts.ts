import { defineTexts } from '@sekisho/ui/language';

export const deputyTexts = defineTexts('console.deputies', {
  'title': { ja: '代理', en: 'Deputies' },
  'lead': {
    ja: 'SVが不在のあいだ、SVの代わりに承認する人です。代理の承認は、誰の代理かとともに監査ログに残ります。',
    en: 'Who approves for a supervisor while they are away. The audit log says for whom each approval was given.',
  },
  'for': { ja: '{{names}}の代理として承認します。あなたの承認は、代理として監査ログに残ります。', en: 'You approve as the deputy of {{names}}, and the audit log says so.' },
  'separator': { ja: '、', en: ', ' },
  'none': { ja: '代理の登録はありません。', en: 'No deputy is named.' },
  'of': { ja: '{{principal}}の代理: {{deputy}}', en: '{{deputy}} for {{principal}}' },
  'time': { ja: '{{begins}}から{{ends}}まで', en: 'From {{begins}} until {{ends}}' },
  'now': { ja: '代理中', en: 'Now' },
  'later': { ja: '予定', en: 'Later' },
  'end': { ja: '解除', en: 'End' },
  'end.of': { ja: '{{deputy}}の代理を解除', en: 'End the deputyship of {{deputy}}' },
  'end.title': { ja: '{{deputy}}の代理を解除しますか', en: 'End the deputyship of {{deputy}}?' },
  'end.1': { ja: 'すぐに、代理として承認できなくなります。', en: 'Approving as a deputy stops at once.' },
  'ended': { ja: '代理を解除しました。', en: 'The deputyship has ended.' },
  'add': { ja: '代理を登録', en: 'Name a deputy' },
  'add.title': { ja: '自分の代理を登録', en: 'Name your deputy' },
  'add.lead': {
    ja: '選んだ人は、期間のあいだ、あなたの代わりにオペレーターの依頼を承認できます。あなた自身の依頼と、招待リンク・重要な操作は承認できません。',
    en: 'For that time the person approves what operators ask in your place: not what you ask yourself, no invitations and no dangerous acts.',
  },
  'person': { ja: '代理にする人', en: 'Deputy' },
  'person.help': { ja: '管理者または情報セキュリティ責任者から選びます。', en: 'An administrator or security officer.' },
  'person.missing': { ja: '代理にする人を選んでください。', en: 'Choose a deputy.' },
  'nobody': { ja: '代理にできる人がいません。管理者か情報セキュリティ責任者の登録が必要です。', en: 'Nobody can stand in: there is no other administrator or security officer.' },
  'begins': { ja: '始まり', en: 'Begins' },
  'ends': { ja: '終わり', en: 'Ends' },
  'ends.help': { ja: '31日以内。この時刻を過ぎると、代理として承認できません。', en: 'Within 31 days. Nothing is approved as a deputy after it.' },
  'time.missing': { ja: '日時を入力してください。', en: 'Enter a date and time.' },
  'added': { ja: '{{deputy}}を代理に登録しました。', en: '{{deputy}} is your deputy.' },
});

export const bulkTexts = defineTexts('console.bulk', {
  'title': { ja: 'まとめて承認（始業時）', en: 'Approve together (shift start)' },
  'lead': {
    ja: '承認による接続を、まとめて承認できます。それぞれの人から聞いた確認番号を入力してください。番号のない行は承認しません。1件ずつ確かめ、1件ずつ監査ログに残ります。',
    en: 'Sessions by approval can be approved together. Enter the number that each person reads out; rows without one are left alone. Each is checked and written to the audit log by itself.',
  },
  'code.of': { ja: '{{name}}の確認番号（4桁）', en: 'Number of {{name}} (4 digits)' },
  'go': { ja: '入力した{{count}}件を承認', en: 'Approve the {{count}} entered' },
  'done': { ja: '{{count}}件を承認しました。', en: '{{count}} approved.' },
  'done.some': { ja: '{{count}}件を承認しました。承認できなかった依頼は、理由を確かめてください。', en: '{{count}} approved. See why the others were not.' },
});

export const queueTexts = defineTexts('console.queue', {
  'questions': { ja: '確認番号で承認する依頼', en: 'Requests approved by a number' },
  'pcs': { ja: '照合を待つPC', en: 'PCs that wait for comparison' },
  'pcs.lead': { ja: '登録コードで届いたPCです。照合コードを見くらべて承認します。', en: 'They came with an enrolment code. Compare the fingerprint and approve.' },
  'pcs.more': { ja: 'ほかに{{count}}台あります。貸与PCで見る', en: '{{count}} more: see the issued PCs' },
  'pcs.open': { ja: '{{tag}}を照合する', en: 'Compare {{tag}}' },
  'pcs.since': { ja: '貸与先: {{name}}', en: 'Issued to {{name}}' },
});
