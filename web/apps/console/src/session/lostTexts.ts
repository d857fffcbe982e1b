import { defineTexts } from '@sekisho/ui/language';

export const lostTexts = defineTexts('console.lost', {
  'title': { ja: '失くしたPCを止める', en: 'Close a lost PC' },
  'lead': { ja: '資産番号がカードと同じことを確かめてください。', en: 'Check that the asset tag is the one on your card.' },
  'tag': { ja: '資産番号', en: 'Asset tag' },
  'then': { ja: '押すと、このPCの接続がすぐに閉じ、使えなくなります。元に戻すことはできません。', en: 'Pressing it closes what is open on this PC at once, and it stops working. This cannot be undone.' },
  'close': { ja: 'PCを止める', en: 'Close the PC' },
  'call': { ja: '止めた後、または止められないときは、すぐにSVに電話してください。', en: 'Afterwards, or if it does not work, call your supervisor at once.' },
  'done': { ja: '{{tag}}を止めました', en: '{{tag}} is closed' },
  'done.do': { ja: 'このPCからは接続できません。続けてSVに電話し、いつ、どこで失くしたかを伝えてください。', en: 'It can no longer connect. Now call your supervisor and say when and where you lost it.' },
  'nolink': { ja: 'リンクが途中で切れています', en: 'The link is incomplete' },
  'nolink.do': { ja: '紛失カードのリンクを最後まで入力してください。分からないときは、すぐにSVに電話してください。', en: 'Enter the whole link as printed on your loss card. If in doubt, call your supervisor at once.' },
});
