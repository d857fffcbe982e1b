import { defineTexts } from '@sekisho/ui/language';

export const sharedTexts = defineTexts('desk.shared', {
  'title': { ja: '共用PCです', en: 'This is a shared PC' },
  'login': { ja: 'ログインID', en: 'Login ID' },
  'help': { ja: '自分のログインIDを入力します。本人かどうかは、次に顔で確かめます。', en: 'Enter your own login ID. Your face is checked next.' },
  'missing': { ja: 'ログインIDを入力してください。', en: 'Enter your login ID.' },
});
