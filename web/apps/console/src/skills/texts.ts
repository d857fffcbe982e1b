import { defineTexts } from '@sekisho/ui/language';

export const skillTexts = defineTexts('console.skills', {
  'title': { ja: 'スキル', en: 'Skills' },
  'lead': { ja: 'オペレーターができることと、その度合い（0〜10）です。0は「できない」と同じです。変更はすぐに効きます。', en: 'What operators can do, by degrees of 0 to 10; 0 is the same as not at all. Changes count at once.' },
  'read.only': { ja: '変更は管理者とSVが行います。', en: 'Supervisors and administrators change them.' },
  'search': { ja: '氏名・ログインIDで探す', en: 'Search by name or login' },
  'found': { ja: '{{count}}人', en: '{{count}} people' },
  'empty': { ja: 'オペレーターがまだいません', en: 'There is no operator yet' },
  'empty.do': { ja: '利用者の画面で追加すると、ここに表示されます。', en: 'Whoever is added under People as an operator stands here.' },
  'nothing': { ja: '条件に合う人はいません。', en: 'Nobody matches.' },
  'none.yet': { ja: 'スキルはまだ1つもありません。だれかの「変更」から足せます。', en: 'There is no skill yet. Add one from anybody’s Change.' },
  'col.name': { ja: '氏名', en: 'Name' },
  'col.act': { ja: '操作', en: 'Acts' },
  'edit': { ja: '変更', en: 'Change' },
  'edit.of': { ja: '{{name}}のスキルを変更', en: 'Change the skills of {{name}}' },
  'zero': { ja: '0（できない）', en: '0 (not at all)' },
  'add': { ja: '新しいスキルを足す', en: 'Add a skill' },
  'add.help': { ja: '40文字までの名前。待ち呼の列で求める名前と、同じ書き方にしてください。', en: 'At most 40 characters, written as the queue that asks for it writes it.' },
  'add.do': { ja: '足す', en: 'Add' },
  'degree.of': { ja: '{{name}}の度合い', en: 'Degree of {{name}}' },
  'many': { ja: 'スキルは1人50件までです。使わないものを0にしてください。', en: 'Nobody has more than 50 skills. Set those that are not needed to 0.' },
});
