import { defineTexts } from '@sekisho/ui/language';

export const disasterTexts = defineTexts('console.disaster', {
  'title': { ja: '災害モード', en: 'Disaster mode' },
  'lead': {
    ja: '災害のとき、事前に取り決めた範囲だけを、期限つきで広げます。始めるには理由と二人の確認が必要で、終えるのは1人ででき、期限が来ると自動で終わります。',
    en: 'In a disaster, what was agreed on beforehand is permitted for a time. Two people and a reason begin it, one person ends it, and it ends by itself at its time.',
  },
  'banner': { ja: '災害モード中（{{until}}まで）: {{announcement}}', en: 'Disaster mode until {{until}}: {{announcement}}' },
  'on': { ja: '災害モード中です', en: 'Disaster mode is on' },
  'off': { ja: '災害モードではありません', en: 'Disaster mode is off' },
  'widening': { ja: '広げている範囲', en: 'What is widened' },
  'reason': { ja: '理由', en: 'Reason' },
  'announcement': { ja: 'お知らせ', en: 'Announcement' },
  'author': { ja: '始めた人', en: 'Declared by' },
  'begins': { ja: '始まり', en: 'Since' },
  'ends': { ja: '終わり', en: 'Until' },
  'end': { ja: '災害モードを終了', en: 'End disaster mode' },
  'end.title': { ja: '災害モードを終了しますか', en: 'End disaster mode?' },
  'end.1': { ja: '広げていた範囲はすぐに元に戻り、許可されなくなった接続は閉じます。', en: 'What was widened is permitted no more, at once, and what is open because of it closes.' },
  'ended': { ja: '災害モードを終了しました。', en: 'Disaster mode has ended.' },
  'declare': { ja: '災害モードを始める', en: 'Declare a disaster' },
  'declare.lead': {
    ja: '依頼すると、別の管理者か情報セキュリティ責任者が「承認」の画面で、自分のパスキーで確認します。確認されたとき始まります。',
    en: 'Another administrator or security officer confirms it under Approvals with their own passkey. It begins then.',
  },
  'declare.go': { ja: '確認を依頼する', en: 'Ask for confirmation' },
  'declare.none': { ja: '取り決めた範囲がないため、始められません。先に管理者が範囲を取り決めてください。', en: 'Nothing was agreed on, so nothing can be declared. An administrator agrees on a widening first.' },
  'choose': { ja: '取り決めた範囲', en: 'What was agreed on' },
  'choose.missing': { ja: '範囲を選んでください。', en: 'Choose one.' },
  'reason.missing': { ja: '理由を入力してください。', en: 'Enter the reason.' },
  'announcement.help': { ja: 'オペレーター画面と管理画面の上に表示されます。', en: 'Shown at the top of the desk and of the console.' },
  'announcement.missing': { ja: 'お知らせを入力してください。', en: 'Enter the announcement.' },
  'ends.help': { ja: '今から72時間以内。この時刻に自動で終わります。', en: 'Within 72 hours. It ends by itself then.' },
  'ends.missing': { ja: '終わりの日時を入力してください。', en: 'Enter when it ends.' },
  'asked.declare': { ja: '確認を依頼しました。別の管理者か情報セキュリティ責任者が「承認」の画面で確認すると、災害モードが始まります。', en: 'Asked. Disaster mode begins when another administrator or security officer confirms it under Approvals.' },
  'asked.agree': { ja: '確認を依頼しました。別の管理者が「承認」の画面で確認すると、災害モードで選べる範囲に加わります。', en: 'Asked. When another administrator confirms it under Approvals, it can be chosen in a disaster.' },
  'widenings': { ja: '事前に取り決めた範囲', en: 'Agreed on beforehand' },
  'widenings.none': { ja: 'まだ何も取り決めていません。', en: 'Nothing has been agreed on yet.' },
  'agreed': { ja: '取り決めた日', en: 'Agreed on' },
  'drop': { ja: '取り消す', en: 'Take back' },
  'drop.of': { ja: '{{name}}を取り消す', en: 'Take back: {{name}}' },
  'drop.title': { ja: '{{name}}を取り消しますか', en: 'Take {{name}} back?' },
  'drop.1': { ja: '以後、この範囲では災害モードを始められません。', en: 'It can be declared no more.' },
  'dropped': { ja: '取り消しました。', en: 'Taken back.' },
  'agree': { ja: '範囲を取り決める', en: 'Agree on a widening' },
  'agree.lead': {
    ja: '依頼すると、別の管理者が「承認」の画面で、自分のパスキーで確認します。確認されると、災害モードで選べる範囲に加わります（災害モードは始まりません）。アクセスポリシーと同じ書き方で、permitだけを書きます。@idはdisaster-で始めてください。接続の有効時間、使える人、担当、端末の安全状態、教育と規程、停止、場所と端末についての変わらない禁止は、災害モードでも変わりません。',
    en: 'Another administrator confirms it under Approvals with their own passkey. It can then be chosen in a disaster; none begins. In the words of the access policies, permits alone; each @id begins with disaster-. The fixed forbids (a live lease, who was chosen, assignments, the state of the PC, training and rules, suspension, place and PC) hold in a disaster too.',
  },
  'name': { ja: '名前', en: 'Name' },
  'name.missing': { ja: '名前を入力してください。', en: 'Enter a name.' },
  'text': { ja: '広げる範囲（Cedar）', en: 'What is permitted (Cedar)' },
  'text.missing': { ja: 'ポリシーを入力してください。', en: 'Enter policies.' },
});

/** template is where most widenings begin: everybody may work at home. */
export const template = `@id("disaster-home")
permit (principal, action in [Action::"open", Action::"reach"], resource)
when { context.place == "home" };
`;
