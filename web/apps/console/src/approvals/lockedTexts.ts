import { defineTexts } from '@sekisho/ui/language';

export const lockedTexts = defineTexts('console.approvals.locked', {
  'title': { ja: 'ロックされたパスワード', en: 'Locked passwords' },
  'until': { ja: '{{name}}（{{until}}まで）', en: '{{name}} (until {{until}})' },
  'unlock': { ja: 'ロックを解除', en: 'Unlock' },
  'unlock.of': { ja: '{{name}}のロックを解除', en: 'Unlock {{name}}' },
  'unlock.title': { ja: '{{name}}のパスワードのロックを解除しますか', en: 'Unlock the password of {{name}}?' },
  'unlock.1': { ja: 'すぐに、もう一度5回までログインを試せるようになります。', en: 'Five more attempts are possible at once.' },
  'unlock.2': { ja: '本人に電話などで確かめてから解除してください。心当たりがないときは、誰かがパスワードを試しています。', en: 'Ask the person first, by telephone for example. If it was not them, somebody is guessing.' },
  'unlocked': { ja: '{{name}}のロックを解除しました。', en: '{{name}} is unlocked.' },
});
