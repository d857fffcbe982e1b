import { defineTexts } from './language';

export const ruleTexts = defineTexts('ui.rules', {
  'label': { ja: '変わったところ', en: 'What changed' },
  'added': { ja: '追加', en: 'Added' },
  'removed': { ja: '削除', en: 'Removed' },
  'none': { ja: '変わったところはありません。', en: 'Nothing changed.' },
});
