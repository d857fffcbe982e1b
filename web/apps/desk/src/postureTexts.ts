import { defineTexts } from '@sekisho/ui/language';

// The words around the state of this PC; each check's own come from the server.
export const postureTexts = defineTexts('posture', {
  'title': { ja: 'このPCは、まだ接続できません', en: 'This PC cannot connect yet' },
  'list': { ja: '直す必要がある項目', en: 'What has to be put right' },
  'warned': { ja: 'PCの安全状態に注意が必要です', en: 'This PC needs attention' },
  'warned.count': { ja: '{{names}}（業務は続けられます）', en: '{{names}} (you can go on working)' },
  'show': { ja: '内容を見る', en: 'Show' },
  'hide': { ja: '閉じる', en: 'Hide' },
  'looking': { ja: 'PCの安全状態を確かめています…', en: 'Looking at the state of this PC…' },
  'good': { ja: '項目はすべて直っています。もう一度本人認証をしてください。', en: 'Everything has been put right. Do the face check again.' },
  'waiting': { ja: '直すと、1分以内にここから消えます。', en: 'What you put right disappears from here within a minute.' },
});
