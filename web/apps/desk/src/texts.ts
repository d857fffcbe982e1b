import { defineTexts } from '@sekisho/ui/language';

export const deskTexts = defineTexts('desk', {
  'place': { ja: 'オペレーター画面', en: 'Operator desk' },
});
