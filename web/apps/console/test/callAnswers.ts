/** The telephones of a morning and some recordings, invented. */
const id = (n: number) => `0198f000-0077-7000-8000-${String(n).padStart(12, '0')}`;

const figures = (queued: number, answered: number, abandoned: number, level: number | null) => ({
  queued, answered, in_target: Math.round(answered * 0.9), abandoned, short: 1, callbacks: 2, overflowed: 0, left_behind: 1, turned_away: 0, missed: 1, handled: answered, longest: 187,
  service_level: level, abandon_rate: queued === 0 ? null : abandoned / queued, aht: answered === 0 ? null : 312.4, asa: answered === 0 ? null : 11.2,
});

const agents = [
  ['見本 花子', 'talking', id(1), '2026-11-22T01:28:10Z'],
  ['架空 太郎', 'ready', '', null],
  ['例示 さくら', 'wrap_up', '', null],
  ['試作 健', 'break', '', null],
  ['仮名 美咲', 'no_answer', '', null],
  ['模擬 大輔', 'locked', '', null],
] as const;

export const board = (acts: boolean, line: boolean) => ({
  now: '2026-11-22T01:30:00Z',
  behind: 0,
  acts,
  line,
  queues: [
    { id: 'q-1', name: 'ご注文', client_name: '見本商事（架空の委託元）', work_name: '通信販売の受付', waiting: 3, callbacks: 1, longest: 84, talking: 1, ready: 0, today: figures(142, 131, 7, 0.874) },
    { id: 'q-2', name: 'お問い合わせ', client_name: '見本商事（架空の委託元）', work_name: '問い合わせ窓口', waiting: 0, callbacks: 0, longest: 0, talking: 0, ready: 2, today: figures(0, 0, 0, null) },
  ],
  agents: agents.map(([name, state, call, hand], n) => ({ person: id(100 + n), name, state, since: `2026-11-22T01:2${n}:40Z`, next: n === 0 ? 'break' : '', place: n % 2 ? 'office' : 'home', taken: 14 - n, hand, call })),
  calls: [
    { id: id(1), direction: 'in', number: '********4821', stage: 'talking', since: '2026-11-22T01:24:00Z', begun: '2026-11-22T01:22:40Z', queue_name: 'ご注文', work_name: '通信販売の受付', level: 'little', operator: '見本 花子', masked: false, recording: 'on', watching: line, watchers: line ? ['見本 監督'] : [] },
    { id: id(2), direction: 'in', number: '', stage: 'queued', since: '2026-11-22T01:28:36Z', begun: '2026-11-22T01:28:10Z', queue_name: 'ご注文', work_name: '通信販売の受付', level: 'none', operator: '', masked: false, recording: 'off', watching: false, watchers: [] },
  ],
});

const choices = [{ id: 'client-1', name: '見本商事（架空の委託元）', works: [{ id: 'w-1', name: '通信販売の受付' }] }];
export const report = {
  found: 3,
  rows: ['00', '01', '02'].map((hour) => ({ from: `2026-11-22T${hour}:00:00Z`, client: '見本商事（架空の委託元）', work: '通信販売の受付', queue: 'ご注文', figures: figures(48, 44, 3, 0.86) })),
  choices,
};
export const days = {
  found: 2,
  rows: [
    { person: id(100), name: '見本 花子', login: 'op-001', day: '2026-11-22', start: '2026-11-21T23:58:10Z', end: null, breaks: [{ from: '2026-11-22T01:00:00Z', to: '2026-11-22T01:10:00Z' }] },
    { person: id(101), name: '架空 太郎', login: 'op-002', day: '2026-11-21', start: '2026-11-20T23:59:00Z', end: '2026-11-21T09:02:00Z', breaks: [] },
  ],
};

const one = (n: number, state: string, held: string) => ({
  id: id(200 + n), call: id(300 + n), client_name: '見本商事（架空の委託元）', work_name: '通信販売の受付', queue_name: 'ご注文', direction: n === 2 ? 'message' : 'in', number: n === 1 ? '' : '********4821',
  started: `2026-11-22T0${n}:12:40Z`, state, seconds: 263.4, caller: -24.1, centre: -22.8, hash: '3f7a2a8acf6c5a66d68ec6f95698eaffa540934f2c2a24ceb947d354b0616465', held, erased: null,
  marks: [{ kind: 'pause', start: 61, end: 84.5, reason: '確認のため' }, { kind: 'mask', start: 140, end: 171, reason: '' }],
  operators: [{ name: '見本 花子', from: 0 }],
});
export const recordings = { recordings: [one(0, 'whole', ''), one(1, 'cut', '申し出により'), one(2, 'whole', '')], before: '' };
export const recordingChoices = { clients: [{ ...choices[0]!, operators: [{ id: id(100), name: '見本 花子' }] }] };
export const recording = (held: string) => ({ ...one(0, 'whole', held), days: 90, listeners: [{ at: '2026-11-22T01:02:03Z', name: '見本 監督' }] });
export const recordingPath = `/#/recordings/${id(200)}`;
const peaks = (phase: number) => Array.from({ length: 600 }, (_, n) => Math.round((n % 2 ? 1 : -1) * Math.abs(Math.sin(n / 23 + phase) * Math.sin(n / 7)) * 90));
export const listening = { listening: id(400), seconds: 263.4, caller: [...peaks(0), ...peaks(1)], centre: [...peaks(2), ...peaks(3)] };
export const retention = { standard: 90, clients: [{ client: 'client-1', name: '見本商事（架空の委託元）', days: 90 }] };

export const telephone = {
  'GET /calls/report': { body: report },
  'GET /calls/attendance': { body: days },
  'GET /recordings/choices': { body: recordingChoices },
  'POST /recordings/search': { body: recordings },
  'GET /recordings/*': { body: recording('') },
  'POST /recordings/*/listen': { body: listening },
  'GET /recordings/retention': { body: retention },
};
