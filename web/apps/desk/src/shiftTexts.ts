import { defineTexts } from '@sekisho/ui/language';

export const shiftTexts = defineTexts('shift', {
  'label': { ja: '勤務時間の終わり', en: 'End of the shift' },
  'soon': { ja: 'あと{{left}}で勤務時間が終わり、接続が終了します。', en: 'Your shift ends in {{left}}, and the session ends with it.' },
  'do': { ja: '続ける必要があるときは、SVに延長を依頼してください。', en: 'If you must go on, ask your supervisor to extend it.' },
});
