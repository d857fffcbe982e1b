import { defineTexts } from '@sekisho/ui/language';

export const networkTexts = defineTexts('console.networks', {
  'title': { ja: '接続元の制限', en: 'Allowed addresses' },
  'lead': {
    ja: '管理画面とPCの接続口に、どのネットワークから接続できるかを決めます。ほかの確認に加えて働き、代わりにはなりません。',
    en: 'From which networks the console and the agents’ door can be reached: beside all other proofs, never instead of them.',
  },
  'read.only': { ja: '変更できるのは管理者だけです。', en: 'Only administrators may change them.' },
  'source': { ja: '今の接続元: {{address}}', en: 'You are at: {{address}}' },
  'source.none': { ja: '今の接続元: 不明（中継サーバーを通っています）', en: 'You are at: unknown (through a proxy)' },
  'door.console': { ja: '管理画面', en: 'Console' },
  'door.console.help': {
    ja: 'サーバー自身からは、いつでも接続できます。今の接続元を含まない内容は保存できません。',
    en: 'The server’s own machine always reaches it. A list without the address you are at cannot be saved.',
  },
  'door.agents': { ja: 'PCの接続口', en: 'Agents’ door' },
  'door.agents.help': {
    ja: '貸与PCが登録と接続に使います。在宅のPCがある場合、自宅の回線のアドレスは変わるため、通常は制限しません。',
    en: 'Issued PCs enrol and connect here. Addresses of homes change, so a centre with PCs at home usually sets no list.',
  },
  'everywhere': { ja: 'どこからでも接続できます。', en: 'It can be reached from everywhere.' },
  'change': { ja: '変更する', en: 'Change' },
  'change.of': { ja: '{{door}}の接続元を変更する', en: 'Change the list of: {{door}}' },
  'ranges': { ja: '許可するアドレスの範囲', en: 'Allowed ranges' },
  'ranges.help': { ja: '1行に1つ、192.0.2.0/24や2001:db8::/48の形で入力します。空にすると、どこからでも接続できます。', en: 'One a line, as 192.0.2.0/24 or 2001:db8::/48. Leave it empty to allow every address.' },
  'own': { ja: '今の接続元を加える', en: 'Add where I am' },
});
