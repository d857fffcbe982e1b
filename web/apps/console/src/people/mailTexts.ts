import { defineTexts } from '@sekisho/ui/language';

export const mailTexts = defineTexts('console.mail', {
  'open': { ja: 'お知らせメール', en: 'Reminders by mail' },
  'of': { ja: '{{name}}のお知らせメール', en: 'Reminders by mail: {{name}}' },
  'about': {
    ja: '教育、規程、持出許可などの期限を、1日に1通まで知らせます。メールに氏名と期限のほかは書かず、リンクも付けません。',
    en: 'At most one mail a day tells what is due: training, rules, take-home permits. It holds the name and what is due, and no link.',
  },
  'off': { ja: 'メールサーバーが設定されていないため、いまは送信されません。', en: 'No mail server is set; nothing is sent now.' },
  'address': { ja: 'メールアドレス（任意）', en: 'Mail address (optional)' },
  'address.help': { ja: '空にして保存すると消去します。退職、契約終了のときにも消去します。', en: 'Save it empty to erase it. It is erased when the contract ends, too.' },
  'language': { ja: 'メールの言語', en: 'Language of the mail' },
  'language.ja': { ja: '日本語', en: 'Japanese' },
  'language.en': { ja: '英語', en: 'English' },
  'erase': { ja: '消去する', en: 'Erase' },
});
