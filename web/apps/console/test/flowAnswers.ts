/** Call flows of an invented client company. */
const id = (n: number) => `01930000-0000-7000-8000-0000000009${String(n).padStart(2, '0')}`;

export const flowID = id(1);
export const flowClient = id(2);

const row = { id: flowID, name: '代表番号', edit: 7, published: 3, changed: '2026-11-20T02:30:00Z', ended: null };

export const flows = {
  clients: [
    {
      id: flowClient,
      name: '見本商事（架空の委託元）',
      flows: [row, { ...row, id: id(3), name: '解約の受付', published: 0 }, { ...row, id: id(4), name: '夏の特設窓口', published: 1, ended: '2026-10-01T00:00:00Z' }],
    },
    { id: id(5), name: '例示通信（架空の委託元）', flows: [] },
  ],
};

const day = (name: string) => ({ day: name, spans: [{ from: 540, to: 720 }, { from: 780, to: 1080 }] });

export const parts = {
  prompts: [
    { id: 'p-1', name: 'ごあいさつとご案内', ja_ms: 12_400, en_ms: 10_100 },
    { id: 'p-2', name: '営業時間外のご案内', ja_ms: 8_200, en_ms: 0 },
    { id: 'p-3', name: '会員番号のお願い', ja_ms: 0, en_ms: 0 },
  ],
  queues: [
    { id: 'q-1', name: '受付' },
    { id: 'q-2', name: '解約' },
  ],
  calendars: [{ id: 'c-1', edit: 2, name: '平日の窓口', zone: 'Asia/Tokyo', week: ['mon', 'tue', 'wed', 'thu', 'fri'].map(day), holidays: ['2026-12-31', '2027-01-01'], extra: [] }],
  lookups: [{ id: 'h-1', edit: 1, name: '会員の照会', host: 'crm.example', stopped: false }],
};

export const noParts = { prompts: [], queues: [], calendars: [], lookups: [] };

const draft = {
  start: 'hours',
  fallback: { queue: 'q-1', prompt: 'p-2' },
  nodes: [
    { id: 'hours', title: '窓口の時間', hours: { calendar: 'c-1', open: 'menu', closed: 'closed', holiday: '' } },
    { id: 'menu', title: 'ご用件', menu: { prompt: 'p-1', choices: { '1': 'member', '2': 'wait' }, wait: 8, tries: 3, otherwise: 'wait' } },
    { id: 'closed', title: '時間外', hangup: { prompt: 'p-2' } },
    { id: 'member', title: '会員番号', collect: { prompt: 'p-3', name: 'member_no', min: 8, max: 8, wait: 8, tries: 3, next: 'ask', otherwise: 'wait' } },
    { id: 'wait', title: '受付で待つ', queue: { queue: 'q-1', most: 300, overflow: '' } },
    { id: 'ask', title: '会員の照会', lookup: { hook: 'h-1', collected: ['member_no'], takes: ['rank'], found: 'wait', failed: 'wait' } },
  ],
};

export const flow = {
  ...row,
  client: flowClient,
  client_name: '見本商事（架空の委託元）',
  draft,
  faults: [
    { node: 'wait', field: 'overflow', code: 'flow.dead_end', title: '進み先が決まっていません。', action: '次のノードを選んでください。' },
    { node: 'member', field: 'prompt', code: 'flow.unknown_prompt', title: 'ガイダンスがないか、音声がまだ入っていません。', action: '音声の入ったガイダンスを選んでください。' },
  ],
  parts,
};

export const newFlow = { ...flow, edit: 0, published: 0, draft: { start: '', fallback: { prompt: '' }, nodes: [] }, faults: [{ node: '', field: 'start', code: 'flow.no_start', title: '始まりのノードがありません。', action: '電話がつながったときに最初に進むノードを選んでください。' }] };

export const flowVersions = {
  versions: [
    { number: 3, origin: 1, author: '見本 監督', at: '2026-11-20T02:30:00Z' },
    { number: 2, origin: 0, author: '見本 管理', at: '2026-11-19T06:00:00Z' },
    { number: 1, origin: 0, author: '見本 監督', at: '2026-11-02T01:00:00Z' },
  ],
};

const did = (node: string, step: string, more: object = {}) => ({ node, step, prompt: '', queue: '', level: '', why: '', ...more });

export const flowTrial = {
  path: ['hours', 'menu', 'wait'],
  did: [did('menu', 'ask', { prompt: 'p-1' }), did('wait', 'queue', { queue: 'q-1', level: 'full' }), did('wait', 'hangup')],
  cause: 'operator',
};

export const flowAnswers = {
  'GET /flows': { body: flows },
  'GET /flows/*': { body: flow },
  'GET /flows/*/versions': { body: flowVersions },
  'POST /flows/*/try': { body: flowTrial },
  'GET /flow-parts/*': { body: parts },
};
