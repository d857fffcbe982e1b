import { defineTexts } from '@sekisho/ui/language';

// The words of taking consent back.
export const withdrawTexts = defineTexts('withdraw', {
  'title': { ja: '顔の情報の取扱いへの同意', en: 'Your consent to face data' },
  'given': { ja: '同意いただいています。同意はいつでも撤回できます。', en: 'You have agreed. You can take it back at any time.' },
  'ask': { ja: '同意を撤回する', en: 'Take back consent' },
  'sure': { ja: '同意を撤回しますか', en: 'Take back your consent?' },
  'what': {
    ja: '撤回すると、登録した顔の情報をサーバーとこのPCからすぐに削除し、業務の画面を閉じます。登録時の写真も削除します。検知の記録は、決められた期間だけ残ります。',
    en: 'Your enrolled face is deleted from the server and from this PC at once, with the picture taken then, and your work screen is closed. Records of detections stay for their time.',
  },
  'then': {
    ja: '不利益な扱いはありません。業務は、パスキーとSVの承認で続けられます。顔認証をまた使うときは、もう一度同意し、SVの立ち会いで登録し直します。',
    en: 'This brings no disadvantage. You go on with a passkey and a supervisor’s approval. To use the face check again, agree anew and enrol with a supervisor as witness.',
  },
  'yes': { ja: '撤回する', en: 'Take it back' },
  'no': { ja: 'やめる', en: 'Keep it' },
  'done': { ja: '同意を撤回しました', en: 'You took your consent back' },
  'done.what': {
    ja: '登録した顔の情報を、サーバーとこのPCから削除しました。業務は、パスキーとSVの承認で続けられます。',
    en: 'Your enrolled face was deleted from the server and from this PC. You can go on with a passkey and a supervisor’s approval.',
  },
});
