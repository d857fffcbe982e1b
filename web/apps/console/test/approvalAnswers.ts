import type { Act, Acts } from '../src/api/actQueries';
import type { Deputies } from '../src/api/deputyQueries';
import type { Disaster } from '../src/api/disasterQueries';
import type { Approval } from '../src/api/views';

// Recorded answers about dangerous acts, deputies and a shift's start; names are invented.

const now = '2026-11-22T01:30:00Z';
const id = (n: number) => `0198f000-00a1-7000-8000-${String(n).padStart(12, '0')}`;

const act = (n: number, change: Partial<Act>): Act => ({
  id: id(n),
  kind: 'policy',
  object: 'home',
  asker: '仮名 管理',
  mine: false,
  confirms: true,
  state: 'waiting',
  digest: 'a7'.repeat(32),
  differences: [
    { field: 'policy.absent_s', object: '', before: '10', after: '30' },
    { field: 'policy.lock_os', object: '', before: 'true', after: 'false' },
    { field: 'policy.onlooker', object: '', before: 'false', after: 'true', beside: true },
  ],
  asked: '2026-11-22T01:02:00Z',
  expires: '2026-11-23T01:02:00Z',
  decider: '',
  decided: null,
  reason: '',
  ...change,
});

const promoted = act(2, {
  kind: 'person.change',
  object: '模擬 大輔',
  differences: [{ field: 'person.roles', object: '', before: 'supervisor', after: 'administrator supervisor' }],
  asked: '2026-11-22T01:20:00Z',
});

const closed: Act[] = [
  act(3, { kind: 'network', object: 'agents', state: 'used', decider: '見本 二郎', decided: '2026-11-21T05:00:00Z', differences: [{ field: 'network.range', object: '198.51.100.0/24', before: 'false', after: 'true' }] }),
  act(4, { kind: 'posture', state: 'refused', decider: '見本 二郎', decided: '2026-11-20T05:00:00Z', differences: [{ field: 'posture.check', object: 'usb_storage', before: 'warn linux', after: 'off linux' }] }),
];

/** acts are what waits on an ordinary morning, as one person sees it. */
export function acts(login: string): Acts {
  const confirms = login === 'admin';
  return { now, alone: false, open: [act(1, { confirms }), { ...promoted, confirms }], closed };
}

export const rulesAsked: Acts = {
  now,
  alone: false,
  open: [
    act(5, {
      kind: 'rules',
      object: '',
      differences: [
        {
          field: 'rules.policy',
          object: 'home',
          before: '@id("home")\npermit (\n    principal,\n    action in [Action::"open", Action::"reach"],\n    resource\n)\nwhen { context.place == "home" && resource.level != "full" };',
          after: '@id("home")\npermit (\n    principal,\n    action in [Action::"open", Action::"reach"],\n    resource\n)\nwhen { context.place == "home" };',
        },
        { field: 'rules.note', object: '', before: '', after: '自宅からも受注システムを使うため' },
      ],
    }),
  ],
  closed: [],
};

/** rolesAsked is an own role that is widened and given, and a link to the identity provider. */
export const rolesAsked: Acts = {
  now,
  alone: false,
  open: [
    act(7, {
      kind: 'role.change',
      object: 'PC貸出の窓口',
      differences: [
        { field: 'role.rights', object: '', before: 'devices.read', after: 'devices.read devices.manage people.manage' },
        { field: 'role.holders', object: '', before: '見本 貸出、例示 窓口', after: '見本 貸出、例示 窓口' },
      ],
    }),
    act(8, {
      kind: 'role.give',
      object: '記録係 → 模擬 大輔',
      differences: [
        { field: 'role.person', object: '', before: '', after: '模擬 大輔' },
        { field: 'role.rights', object: '', before: '', after: 'evidence.hold evidence.fetch' },
      ],
    }),
    act(9, {
      kind: 'identity.link',
      object: '例示 監督',
      differences: [
        { field: 'identity.provider', object: '', before: '', after: '見本の認証サービス' },
        { field: 'identity.subject', object: '', before: '', after: 'b7d2-0001' },
      ],
    }),
  ],
  closed: [],
};

/** smallAsked is what loosens one course, desktop, PC or maker of TPMs, and what an officer wants to take away. */
export const smallAsked: Acts = {
  now,
  alone: false,
  open: [
    act(10, {
      kind: 'course',
      object: id(50),
      differences: [
        { field: 'course.pass_percent', object: '', before: '80', after: '60' },
        { field: 'course.draw', object: '', before: '15', after: '20', beside: true },
        { field: 'course.title', object: '', before: '在宅勤務の基本', after: '在宅勤務の基本', beside: true },
      ],
    }),
    act(11, {
      kind: 'desktop.level',
      object: id(51),
      differences: [
        { field: 'desktop.level', object: '', before: 'full', after: 'none' },
        { field: 'desktop.name', object: '', before: '受注システム', after: '受注システム', beside: true },
        { field: 'desktop.address', object: '', before: 'vdi-01.example.jp:5900', after: 'vdi-01.example.jp:5900', beside: true },
      ],
    }),
    act(12, {
      kind: 'device.place',
      object: id(52),
      differences: [
        { field: 'place.name', object: '', before: '', after: '自宅' },
        { field: 'place.router', object: '', before: '', after: '5b1e0c7a94d2f3' },
        { field: 'place.around', object: '', before: '', after: '7' },
        { field: 'place.at', object: '', before: '', after: '2026-11-22T00:58:00Z' },
        { field: 'place.device', object: '', before: 'PC-0142', after: 'PC-0142', beside: true },
        { field: 'place.person', object: '', before: '見本 花子', after: '見本 花子', beside: true },
      ],
    }),
    act(13, {
      kind: 'tpm.authority',
      object: '3c'.repeat(32),
      differences: [
        { field: 'tpm.authority', object: '', before: '', after: 'CN=Invented TPM Root,O=見本' },
        { field: 'tpm.sha256', object: '', before: '', after: '3c'.repeat(32) },
        { field: 'tpm.until', object: '', before: '', after: '2041-03-01T00:00:00Z' },
      ],
    }),
    act(14, {
      kind: 'room',
      object: '',
      differences: [
        { field: 'room.photo', object: '', before: 'required', after: 'optional' },
        { field: 'room.question', object: 'filter', before: '★ 画面に、のぞき見防止フィルターを付けている。\nA privacy filter is on my screen.', after: '' },
      ],
    }),
    act(15, {
      kind: 'export',
      object: '',
      differences: [
        { field: 'export.rows', object: '', before: '', after: '4210' },
        { field: 'export.format', object: '', before: '', after: 'csv' },
      ],
    }),
  ],
  closed: [],
};

export const ownAsked: Acts = { now, alone: false, open: [act(6, { mine: true, confirms: false })], closed: [] };

export function deputies(login: string): Deputies {
  return {
    deputies: [{ id: id(20), principal: '例示 監督', deputy: '仮名 責任', begins: '2026-11-22T00:00:00Z', ends: '2026-11-22T09:00:00Z', now: true, mine: login === 'sv-mihon' }],
    candidates: login === 'sv-mihon' ? [{ id: id(21), name: '仮名 管理' }, { id: id(22), name: '仮名 責任' }] : [],
  };
}

const session = (n: number, name: string, tag: string): Approval => ({
  id: id(30 + n),
  kind: 'approved_session',
  state: 'waiting',
  person: id(40 + n),
  name,
  asked_by: '',
  device: id(50 + n),
  asset_tag: tag,
  note: '',
  asked: `2026-11-22T01:2${n}:00Z`,
  expires: `2026-11-22T01:3${n}:30Z`,
  video: false,
});

export const shiftStart = { now, for: [], approvals: [session(2, '見本 花子', 'PC-101'), session(3, '架空 太郎', 'PC-102'), session(4, '例示 さくら', 'PC-103')] };

export const calm: Disaster = {
  now, on: false, name: '', reason: '', announcement: '', author: '', begins: null, ends: null,
  widenings: [
    {
      id: id(60),
      name: '全員が自宅で業務',
      text: '@id("disaster-home")\npermit (principal, action in [Action::"open", Action::"reach"], resource)\nwhen { context.place == "home" };',
      author: '仮名 管理',
      agreed: '2026-09-01T02:00:00Z',
    },
  ],
};

export const storm: Disaster = {
  ...calm, on: true, name: '全員が自宅で業務', reason: '台風の接近で出社できないため', announcement: '台風のため、本日は全員が自宅で業務をしてください。', author: '仮名 管理',
  begins: '2026-11-21T22:00:00Z', ends: '2026-11-22T09:00:00Z',
};
