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
    { field: 'policy.absent_ms', object: '', before: '10000', after: '30000' },
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
