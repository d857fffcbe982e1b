import { defineTexts } from '@sekisho/ui/language';

export const homeTexts = defineTexts('console.home', {
  'login.lead': { ja: '{{name}}さんとしてログインします。ほかの人はここではログインできません。ファイルの保存、印刷、一括準備は、社内の管理画面で行います。', en: 'You sign in here as {{name}}. Nobody else can. Saving files, printing and kitting are for the console in the office.' },
  'login.demo': { ja: 'デモの{{name}}さんとしてログイン', en: 'Sign in as the invented person {{name}}' },
  'register.title': { ja: 'このPCのパスキーを登録する', en: 'Register a passkey for this PC' },
  'register.lead': {
    ja: '社内で開いた管理画面の「貸与PCのパスキー」で発行したコードか、管理者から届いた招待リンクを使います。',
    en: 'With the code that you got under "Passkey for an issued PC" in the console in the office, or an invitation link from an administrator.',
  },
  'register.code': { ja: 'コードまたは招待リンク', en: 'Code or invitation link' },
  'register.missing': { ja: 'コードまたは招待リンクを入力してください。', en: 'Enter the code or the link.' },
  'register.do': { ja: 'パスキーを登録してログイン', en: 'Register the passkey and sign in' },
  'code.open': { ja: '貸与PCのパスキー', en: 'Passkey for an issued PC' },
  'code.lead': {
    ja: '社外では、管理画面を貸与PCから開きます。そこで使うパスキーを登録するためのコードを発行します。あなたのパスキーで本人を確かめます。',
    en: 'Outside the office you open the console at your issued PC. This gives a code by which you register a passkey there. Your passkey confirms that it is you.',
  },
  'code.steps': {
    ja: '貸与PCで接続し、「管理画面を開く」を押して、24時間以内に入力してください。使えるのは1回だけです。ほかの人には教えないでください。',
    en: 'Connect at your issued PC, press "Open the console" and enter it within 24 hours. It works once. Tell it to nobody.',
  },
  'code.make': { ja: 'コードを発行する', en: 'Get a code' },
  'code.label': { ja: '登録のコード', en: 'Your code' },
  'code.until': { ja: '{{time}}まで有効です。', en: 'Valid until {{time}}.' },
});
