import { defineTexts } from '@sekisho/ui/language';

export const sharedTexts = defineTexts('desk.shared', {
  'body': {
    ja: 'これは共用PCです。自分のログインIDを入力して「接続」を押してください。端末・回線・本人の順に確かめて、業務の画面を開きます。',
    en: 'This is a shared PC. Enter your own login ID and press Connect: the PC, the line and you are checked in turn, then your work screen opens.',
  },
  'login': { ja: 'ログインID', en: 'Login ID' },
  'help': { ja: '本人かどうかは、次に顔で確かめます。', en: 'Your face is checked next.' },
  'missing': { ja: 'ログインIDを入力してください。', en: 'Enter your login ID.' },
});
