import { defineTexts } from '@sekisho/ui/language';

export const officeTexts = defineTexts('console.offices', {
  'title': { ja: '社外での管理画面', en: 'The console outside the office' },
  'lead': {
    ja: '選んだ役割の人は、社外では貸与PCの在席・のぞき見検知のもとでだけ管理画面を使えます。社内のアドレスからは今までどおり使えます。独自の役割を持つ人は、その操作を受け持つ役割が選ばれているときも対象です。',
    en: 'People with the chosen roles use the console outside the office only at an issued PC under the guard. From the addresses of the office they use it as before. Whoever holds an own role is bound too by the role from which its rights come.',
  },
  'nobody': { ja: '制限していません。だれでもどこからでも使えます。', en: 'Nobody is bound: the console is used from everywhere.' },
  'roles': { ja: '社外では貸与PCからだけ使う役割', en: 'Bound to an issued PC outside the office' },
  'own': { ja: '独自の役割を持つ人', en: 'Whoever holds an own role' },
  'ranges': { ja: '社内のアドレス', en: 'The office' },
  'ranges.none': { ja: '社内のアドレスはありません。', en: 'No address is the office.' },
  'ranges.help': { ja: '1行に1つ、192.0.2.0/24や2001:db8::/48の形で入力します。', en: 'One a line, as 192.0.2.0/24 or 2001:db8::/48.' },
  'way.back': {
    ja: 'あなた自身が続けて使えなくなる内容は保存できません。使えなくなったときは、サーバーで「sekisho admin office-rule off」を実行すると解除できます。',
    en: 'A rule under which you could not go on yourself is not saved. If nobody can get in, run "sekisho admin office-rule off" on the server.',
  },
  'change': { ja: '変更する', en: 'Change' },
  'change.title': { ja: '社外での管理画面の制限を変更する', en: 'Change who is bound outside the office' },
  'own.address': { ja: '今の接続元を加える', en: 'Add where I am' },
});
