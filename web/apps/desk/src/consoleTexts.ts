import { defineTexts } from '@sekisho/ui/language';

export const consoleTexts = defineTexts('desk.console', {
  'open': { ja: '管理画面を開く', en: 'Open the console' },
  'close': { ja: '業務に戻る', en: 'Back to work' },
  'title': { ja: '管理画面', en: 'Console' },
  'opening': { ja: '管理画面を開いています', en: 'Opening the console' },
});
