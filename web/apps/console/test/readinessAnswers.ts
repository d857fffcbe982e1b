import { measureIds, type Block, type Measure, type MeasureId, type PersonReadiness, type Readiness, type RoomCheck, type RoomCheckRow, type RoomRules } from '../src/api/readinessQueries';

// Recorded answers about readiness; people are invented.

const at = '2026-11-22T02:59:50Z';
export const hanako = '0198f000-0000-7000-8000-000000000a01';
const taro = '0198f000-0000-7000-8000-000000000a02';

const blockOf = (id: MeasureId): Block => {
  const place = measureIds.indexOf(id);
  if (place < measureIds.indexOf('room')) return 'technical';
  if (place < measureIds.indexOf('training')) return 'physical';
  return place < measureIds.indexOf('documents') ? 'human' : 'rules';
};

const pcs: readonly MeasureId[] = ['tpm', 'disk', 'posture', 'filter', 'lock', 'place', 'permit', 'accessories', 'due'];
const people: readonly MeasureId[] = ['face', 'room', 'training', 'contract', 'administrators', 'supervisors', 'passwords', 'reviews', 'documents', 'officers'];

const told: { [id in MeasureId]?: Partial<Measure> } = {
  tpm: { green: 38, red: 2, light: 'amber', who: [{ id: taro, name: '架空 太郎' }] },
  disk: { green: 36, red: 1, unknown: 3, light: 'amber', who: [{ id: hanako, name: '見本 花子' }] },
  addresses: { green: 1, amber: 1, light: 'amber' },
  siem: { light: 'unknown', trouble: 'unreadable' },
  room: { green: 30, amber: 4, red: 6, light: 'red', who: [{ id: hanako, name: '見本 花子' }, { id: taro, name: '架空 太郎' }] },
  lock: { green: 20, red: 20, light: 'red' },
  passwords: { light: 'unknown', trouble: 'nothing' },
  administrators: { green: 1, amber: 0, red: 0, light: 'red' },
  shifts: { amber: 1, light: 'amber' },
};

const measure = (id: MeasureId): Measure => ({
  id,
  block: blockOf(id),
  unit: pcs.includes(id) ? 'pc' : people.includes(id) ? 'person' : 'thing',
  light: 'green',
  trouble: '',
  green: told[id] ? 0 : pcs.includes(id) || people.includes(id) ? 40 : 2,
  amber: 0,
  red: 0,
  unknown: 0,
  at,
  who: [],
  ...told[id],
});

/** readiness is a centre in which something is left to do in each block. */
export const readiness: Readiness = {
  now: at,
  client: '',
  measures: measureIds.map(measure),
  clients: [
    { id: '0198f000-0000-7000-8000-0000000000c1', name: '見本商事（架空の委託元）' },
    { id: '0198f000-0000-7000-8000-0000000000c2', name: '架空物産（架空の委託元）' },
  ],
};

const own: readonly MeasureId[] = ['tpm', 'disk', 'posture', 'face', 'room', 'filter', 'lock', 'training', 'documents', 'contract'];

/** clientReadiness is one client's part: no settings of the centre, no names. */
export const clientReadiness: Readiness = { now: at, client: '0198f000-0000-7000-8000-0000000000c1', clients: [], measures: own.map((id) => ({ ...measure(id), who: [] })) };

const row = (id: number, change: Partial<RoomCheckRow> = {}): RoomCheckRow => ({
  id: `0198f000-0000-7000-8000-0000000000e${id}`,
  person: hanako,
  name: '見本 花子',
  at: '2026-11-21T00:30:00Z',
  ready: true,
  photo: true,
  photo_until: '2027-05-30T00:30:00Z',
  state: 'waiting',
  decided: null,
  decided_by: '',
  ...change,
});

const decided = { at: '2026-11-18T00:30:00Z', state: 'returned', decided: '2026-11-19T03:00:00Z', decided_by: '見本 監督', photo: false, photo_until: '2026-11-21T00:30:00Z', ready: false } as const;

export const roomChecks = {
  waiting: [row(1), row(2, { person: taro, name: '架空 太郎', ready: false, photo: false, photo_until: null })],
  decided: [row(3, decided)],
};

export const roomRules: RoomRules = {
  version: 1,
  photo: 'optional',
  valid_months: 6,
  late_days: 30,
  keep_days: 190,
  questions: [
    { id: 'private', text: { ja: '業務中は、個室か、家族などが出入りしない場所で働く。', en: 'I work in a room of my own, or where nobody comes in while I work.' }, needed: true },
    { id: 'filter', text: { ja: '画面に、のぞき見防止フィルターを付けている。', en: 'A privacy filter is on my screen.' }, needed: true },
    { id: 'family', text: { ja: '業務中は部屋に入らないよう、家族に説明した。', en: 'I have told my family not to come in while I work.' }, needed: false },
  ],
};

const check = (of: RoomCheckRow, no: number): RoomCheck => ({
  ...of,
  answers: roomRules.questions.map((one, index) => ({ text: one.text, needed: one.needed, yes: index !== no })),
  remark: of.state === 'waiting' ? '居間の隣の四畳半です。平日の昼間は家族がいません。' : '',
  note: of.state === 'returned' ? 'フィルターを付けてから、もう一度送ってください。' : '',
});

export const personReadiness: PersonReadiness = {
  now: at,
  person: hanako,
  name: '見本 花子',
  measures: own.map((id) => ({ ...measure(id), green: id === 'disk' || id === 'room' ? 0 : 1, amber: id === 'room' ? 1 : 0, red: 0, unknown: id === 'disk' ? 1 : 0, light: id === 'disk' ? 'unknown' : id === 'room' ? 'amber' : 'green', trouble: id === 'disk' ? 'untold' : '', who: [] })),
  room: 'waiting',
  until: null,
  checks: [check(row(1), -1), check(row(3, decided), 1)],
};

/** photo is one grey pixel, which the page stretches to nothing: what is looked at is the frame around it. */
export const photo =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==';
