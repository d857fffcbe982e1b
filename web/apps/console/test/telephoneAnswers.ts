/** Trunks, our numbers, queues and skills, invented. */
const works = [
  { id: 'work-1', name: '通信販売の受注', client: 'client-1', client_name: '見本商事（架空の委託元）' },
  { id: 'work-2', name: '会員の問い合わせ', client: 'client-2', client_name: '架空物産（架空の委託元）' },
];

const out = { max_calls: 10, per_minute: 20, from: 540, to: 1080, zone: 'Asia/Tokyo', prefixes: ['+81570'] };

const trunk = {
  id: 'trunk-1', has_secret: true, name: '本社の代表回線', kind: 'registration', host: 'sip.carrier.example', port: 5061, transport: 'tls', security: 'sdes', user: '0312345678',
  allow: ['203.0.113.0/24'], max_calls: 30, out, state: 'registered', registered_until: '2026-11-22T02:00:00Z', code: '', in_use: 12, numbers: 1,
};

export const trunks = {
  serving: true,
  trunks: [
    trunk,
    { ...trunk, id: 'trunk-2', name: '札幌センターの交換機', kind: 'ip', host: '198.51.100.7', port: 5060, transport: 'udp', security: 'none', user: '', has_secret: false, out: { ...out, max_calls: 0, per_minute: 0, from: 0, to: 0, prefixes: [] }, state: 'ready', registered_until: null, in_use: 0, numbers: 1 },
    { ...trunk, id: 'trunk-3', name: '予備回線', state: 'failed', registered_until: null, code: 'trunk.credentials', in_use: 0, numbers: 0 },
  ],
};
export const noTrunks = { serving: false, trunks: [] };

export const numbers = {
  numbers: [
    { number: '+81312345678', trunk: 'trunk-1', trunk_name: '本社の代表回線', work: 'work-1', flow: 'flow-1', standing: true },
    { number: '+81112345678', trunk: 'trunk-2', trunk_name: '札幌センターの交換機', work: 'work-0', flow: 'flow-0', standing: false },
  ],
  trunks: trunks.trunks.map(({ id, name }) => ({ id, name })),
  works,
  flows: [{ id: 'flow-1', name: 'ご注文の受付', client: 'client-1' }],
};
export const noNumbers = { numbers: [], trunks: [], works, flows: [] };

const standard = {
  strategy: 'longest_idle', skills: [], widen: [], home: false, office: true, home_little: false, min_tier: 'B', priority: 0, max_wait: 0, max_length: 100, overflow: '',
  ring_for: 20, wrap_up: 60, codes: [], code_needed: false, target: 20, short_within: 5, tell_every: 60,
};
const queue = {
  id: 'queue-1', name: 'ご注文', client: 'client-1', client_name: '見本商事（架空の委託元）', work: 'work-1', work_name: '通信販売の受注', retired: false,
  settings: { ...standard, home: true, home_little: true, skills: [{ name: '受注', degree: 5 }, { name: '英語', degree: 3 }], widen: [{ after: 60, lower: 2 }], codes: ['受注', 'お問い合わせ'], code_needed: true, overflow: 'queue-2', max_wait: 600 },
  waiting: 4, talking: 12, ready: 2,
};
export const queues = {
  queues: [
    queue,
    { ...queue, id: 'queue-2', name: 'あふれ受け', settings: { ...standard, strategy: 'ring_all' }, waiting: 0, talking: 1, ready: 0 },
    { ...queue, id: 'queue-3', name: '夏の特設', retired: true },
  ],
  works,
  standard,
};
export const noQueues = { queues: [], works, standard };

export const skills = {
  names: ['英語', '受注', '苦情対応'],
  people: [
    { id: 'p-21', name: '見本 春子', login: 'op-021', skills: [{ name: '英語', degree: 7 }, { name: '受注', degree: 10 }] },
    { id: 'p-22', name: '見本 夏男', login: 'op-022', skills: [{ name: '受注', degree: 4 }] },
    { id: 'p-23', name: '見本 秋江', login: 'op-023', skills: [] },
  ],
};
