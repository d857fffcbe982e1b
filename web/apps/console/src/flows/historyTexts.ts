import { defineTexts } from '@sekisho/ui/language';

export const historyTexts = defineTexts('console.flows.history', {
  'none': { ja: 'まだ公開されていません。', en: 'It was not published yet.' },
  'version': { ja: '版', en: 'Version' },
  'at': { ja: '公開した日時', en: 'Published' },
  'author': { ja: '公開した人', en: 'By' },
  'origin': { ja: '元', en: 'From' },
  'origin.draft': { ja: '下書き', en: 'The draft' },
  'origin.version': { ja: '第{{number}}版', en: 'Version {{number}}' },
  'now': { ja: '公開中', en: 'In force' },
  'back': { ja: '戻す', en: 'Go back' },
  'back.of': { ja: '第{{number}}版に戻す', en: 'Go back to version {{number}}' },
  'back.now': { ja: 'この版の内容が、新しい版として公開されます。', en: 'What it holds is published as a new version.' },
  'back.draft': { ja: '下書きはそのまま残ります。', en: 'The draft stays as it is.' },
  'done': { ja: '第{{number}}版として公開しました。', en: 'Published as version {{number}}.' },
  'refused': { ja: 'この版は、いまは公開できません。', en: 'This version cannot be published now.' },
});
