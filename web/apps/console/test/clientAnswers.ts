import type { Client, ClientFile } from '../src/api/clientViews';
import type { DesktopWho, Refusal, Rules, RulesAnswer, RulesCheck } from '../src/api/ruleViews';

// Recorded answers about client companies and access policies; names are invented.

const id = (kind: string, n: number) => `0198f000-00${kind}-7000-8000-${String(n).padStart(12, '0')}`;

export const clients: Client[] = [
  { id: id('c1', 1), name: '見本商事（架空の委託元）', ended: null },
  { id: id('c1', 2), name: '架空物産（架空の委託元）', ended: null },
  { id: id('c1', 3), name: '例示通販（架空の委託元）', ended: '2026-09-30T15:00:00Z' },
];

const person = (n: number, name: string) => ({ person: id('11', n), name });

export const clientFile: ClientFile = {
  client: clients[0]!,
  works: [
    { id: id('c2', 1), name: '通信販売の受注', ended: null, desktops: [{ id: id('61', 1), name: '受注システム' }] },
    { id: id('c2', 2), name: '会員の問い合わせ', ended: null, desktops: [] },
    { id: id('c2', 3), name: '夏のキャンペーンの受付', ended: '2026-09-30T15:00:00Z', desktops: [] },
  ],
  assignments: [
    { id: id('c3', 1), work: id('c2', 1), ...person(1, '見本 花子'), from: '2026-11-01', until: '', subcontracted: false, today: true },
    { id: id('c3', 2), work: id('c2', 1), ...person(2, '架空 太郎'), from: '2026-10-01', until: '2027-03-31', subcontracted: true, today: true },
    { id: id('c3', 3), work: id('c2', 2), ...person(3, '例示 さくら'), from: '2026-12-01', until: '', subcontracted: false, today: false },
    { id: id('c3', 4), work: id('c2', 3), ...person(4, '試作 健'), from: '2026-07-01', until: '2026-09-30', subcontracted: false, today: false },
  ],
  auditors: [{ id: id('21', 6), name: '模擬 委託元' }],
};

export const emptyFile: ClientFile = { client: clients[1]!, works: [], assignments: [], auditors: [] };

const text = `// 自宅のPCから接続し、許可された仮想デスクトップを使える
@id("home")
permit (principal, action in [Action::"open", Action::"reach"], resource)
when { context.place == "home" };

// オフィスのPCから接続し、許可された仮想デスクトップを使える
@id("office")
permit (principal, action in [Action::"open", Action::"reach"], resource)
when { context.place == "office" };

// 管理者は管理画面で設定を変更できる
@id("administrators")
permit (principal, action == Action::"manage", resource)
when { principal.roles.contains("administrator") };
`;

const template = (name: string) => ({ id: name, text: `@id("${name}")\nforbid (principal, action == Action::"open", resource)\nwhen { context.place == "home" };\n` });

export const rules: Rules = {
  version: { number: 2, note: '自宅の利用を再開', author: '架空 管理', at: '2026-11-20T02:10:00Z' },
  text,
  global: `@id("global.lease")\nforbid (principal, action == Action::"reach", resource)\nunless { context has lease && context.lease.alive };\n`,
  templates: ['home', 'office', 'home-no-full', 'home-no-approved', 'home-camera', 'home-tpm'].map(template),
  history: [
    { number: 2, note: '自宅の利用を再開', author: '架空 管理', at: '2026-11-20T02:10:00Z' },
    { number: 1, note: '台風のため、オフィスでの利用に限る', author: '架空 管理', at: '2026-11-18T23:40:00Z' },
  ],
};
export const noRules: Rules = { ...rules, version: { number: 0, note: '', author: '', at: null }, history: [] };

const yes = (...policies: string[]): RulesAnswer => ({ allow: true, code: '', text: '', policies });
const no = (code: string, words: string, ...policies: string[]): RulesAnswer => ({ allow: false, code, text: words, policies });
const forbidden = no('rules.forbidden', 'アクセスポリシーで禁止されています。', 'home-no-full');

export const checked: RulesCheck = {
  faults: [],
  asked: 64,
  gained: 0,
  lost: 2,
  differences: [
    { ...person(1, '見本 花子'), act: 'reach', desktop: id('61', 1), label: '受注システム', place: 'home', before: yes('home'), after: forbidden },
    { ...person(2, '架空 太郎'), act: 'open', desktop: '', label: '', place: 'home', before: yes('home'), after: forbidden },
  ],
};

export const faulty: RulesCheck = {
  faults: [
    {
      line: 4,
      policy: '',
      code: 'rules.fault_parse',
      title: '書き方が正しくありません。',
      action: '示された位置の前後で、かっこ・引用符・セミコロンの抜けを確かめてください。',
      detail: 'parse error at 4:34 "}": exact got } want ;',
    },
    {
      line: 9,
      policy: 'office',
      code: 'rules.fault_schema',
      title: '使えない名前か、型の合わない比較があります。',
      action: 'アクション名・属性名と、比べる値の種類を確かめてください。',
      detail: 'attribute `mood` in context for Action::"open" not found',
    },
  ],
  asked: 0,
  gained: 0,
  lost: 0,
  differences: [],
};

export const who: DesktopWho = {
  people: [
    { ...person(1, '見本 花子'), home: yes('home'), office: yes('office') },
    { ...person(2, '架空 太郎'), home: forbidden, office: yes('office') },
    {
      ...person(3, '例示 さくら'),
      home: no('rules.not_assigned', 'この仮想デスクトップの業務を、今日は担当していません。', 'global.assigned'),
      office: no('rules.not_assigned', 'この仮想デスクトップの業務を、今日は担当していません。', 'global.assigned'),
    },
  ],
};

export const networks = {
  source: '192.0.2.24',
  lists: [
    { door: 'console', version: 2, ranges: ['192.0.2.0/24', '2001:db8:40::/48'] },
    { door: 'agents', version: 0, ranges: [] },
  ],
};

export const office = {
  source: '192.0.2.24',
  guarded: false,
  version: 3,
  roles: ['officer', 'supervisor'],
  ranges: ['192.0.2.0/24'],
  bindable: ['supervisor', 'administrator', 'officer', 'operator'],
};

export const refusals: Refusal[] = [
  {
    at: '2026-11-22T01:12:30Z',
    ...person(2, '架空 太郎'),
    asset_tag: 'PC-102',
    act: 'reach',
    label: '受注システム',
    code: 'rules.forbidden',
    title: 'アクセスポリシーで禁止されています。',
    action: '今いる場所や接続の方法を確かめ、必要なときはSVに相談してください。',
    policies: ['home-no-full'],
    version: '2',
  },
  {
    at: '2026-11-22T00:58:02Z',
    ...person(3, '例示 さくら'),
    asset_tag: 'PC-103',
    act: 'reach',
    label: '受注システム',
    code: 'rules.not_assigned',
    title: 'この仮想デスクトップの業務を、今日は担当していません。',
    action: '担当の期間をSVか管理者に確かめてください。',
    policies: ['global.assigned'],
    version: '2',
  },
  {
    at: '2026-11-21T23:30:41Z',
    ...person(1, '見本 花子'),
    asset_tag: 'PC-101',
    act: 'open',
    label: '',
    code: 'face.nonce',
    title: '本人認証に時間がかかりすぎました。',
    action: 'もう一度本人認証をしてください。',
    policies: [],
    version: '',
  },
];
