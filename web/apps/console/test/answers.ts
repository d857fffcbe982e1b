import type { Problem } from '@sekisho/wire/problem';
import type { Role } from '@sekisho/wire/states';
import type { Approval, Attestation, AuditRow, Desktop, Device, DevicePosture, GuardPolicy, IncidentDetail, List, ListRow, LockedPassword, Me, Person, PostureRules, Report, SavedSearch, Seat, Session, Siem } from '../src/api/views';
import { shifts } from './shiftAnswers';
import { clientReadiness, personReadiness, photo, readiness, roomChecks, roomRules } from './readinessAnswers';
import { ownRoles } from './roleAnswers';
import * as b from './approvalAnswers';
import { flowAnswers } from './flowAnswers';
import { pools } from './poolAnswers';
import * as telephone from './telephoneAnswers';
import { watched } from './witnessAnswers';
import { clientFile, clients, networks, office, refusals, rules, who as whoSees } from './clientAnswers';
import type { Answers } from './harness';
import { devicesOf, floorOf, loanListOf, peopleOf, shiftsOf } from './listAnswers';
import { loanOf, loansOf } from './loanAnswers';

// Recorded answers with invented people. Times are fixed, so that pictures of
// the screens differ only when the screens do.

export const now = '2026-11-22T01:30:00Z';
const ago = (seconds: number) => new Date(Date.parse(now) - seconds * 1000).toISOString();
const ahead = (seconds: number) => ago(-seconds);

const id = (kind: number, n: number) => `0198f000-000${kind}-7000-8000-${String(n).padStart(12, '0')}`;

const family = ['見本', '架空', '例示', '試作', '仮名', '模擬'];
const given = ['花子', '太郎', 'さくら', '健', '美咲', '大輔', '由紀', '誠', '葵', '翔'];
const kana = ['ハナコ', 'タロウ', 'サクラ', 'ケン', 'ミサキ', 'ダイスケ', 'ユキ', 'マコト', 'アオイ', 'ショウ'];
const familyKana = ['ミホン', 'カクウ', 'レイジ', 'シサク', 'カメイ', 'モギ'];
const nameOf = (n: number) => `${family[n % family.length]} ${given[n % given.length]}`;

export const people: Person[] = Array.from({ length: 14 }, (_, n) => ({
  id: id(1, n),
  name: nameOf(n),
  kana: `${familyKana[n % family.length]} ${kana[n % kana.length]}`,
  login: `op-${String(n + 1).padStart(3, '0')}`,
  roles: ['operator'],
  face_usable: n !== 5,
  place: n % 4 === 3 ? 'office' : 'home',
  active: n !== 9 && n !== 11,
  suspended: n === 9,
  passkeys: n === 5 ? 1 : 0,
  password: 'none',
  agency: n % 3 === 0 ? '見本スタッフ株式会社' : '',
  last_day: n === 11 ? '2026-10-31' : n % 3 === 0 ? '2027-03-31' : '',
}));
const staff = (n: number, name: string, reading: string, login: string, roles: Role[], passkeys = 1): Person => ({
  id: id(2, n),
  name,
  kana: reading,
  login,
  roles,
  face_usable: true,
  place: 'office',
  active: true,
  suspended: false,
  passkeys,
  password: login === 'sv-mihon' ? 'set' : 'none',
  agency: '',
  last_day: '',
});
people.push(
  staff(1, '見本 監督', 'ミホン カントク', 'sv-mihon', ['operator', 'supervisor']),
  staff(2, '架空 管理', 'カクウ カンリ', 'admin', ['administrator']),
  staff(3, '例示 責任', 'レイジ セキニン', 'officer-1', ['officer']),
  staff(4, '試作 責任', 'シサク セキニン', 'officer-2', ['officer'], 0),
  staff(5, '仮名 監査', 'カメイ カンサ', 'auditor', ['auditor']),
  staff(6, '模擬 委託元', 'モギ イタクモト', 'client-auditor', ['auditor']),
);
const who = (login: string) => people.find((one) => one.login === login)!;

/** me is who is signed in; the auditor of a client company says so by its id. */
export const me = (login: string): Me => {
  const { id: person, name, roles } = who(login);
  return { id: person, name, login, roles, rights: [], client: login === 'client-auditor' ? clientFile.client.id : '' };
};

export const signedIn = (login: string, demo = false): Session => ({ state: 'signed_in', demo, person: me(login), expires: ahead(11 * 3600), provider: '' });

const seat = (n: number, change: Partial<Seat>): Seat => ({
  person: people[n]!.id,
  name: people[n]!.name,
  device: id(3, n),
  asset_tag: `PC-${String(n + 101)}`,
  place: people[n]!.place,
  tier: 'B',
  group: 'open',
  phase: 'live',
  state: 'present',
  since: ago(900 + n * 137),
  session: id(4, n),
  class: 'face',
  reason: '',
  reason_text: '',
  ...change,
});
const closed = { phase: 'closed', session: '', class: '' } as const;

export const seats: Seat[] = [
  seat(0, {}),
  seat(1, { group: 'alert', ...closed, state: 'onlooker', since: ago(42), reason: 'lease.onlooker', reason_text: 'のぞき見を検知したため、接続を閉じました。' }),
  seat(2, { since: ago(3725) }),
  seat(3, { group: 'watch', state: 'absent', since: ago(7) }),
  seat(4, { group: 'gate', phase: 'quarantine', state: 'unknown', session: '', class: '', since: ago(95), tier: 'C' }),
  seat(5, { class: 'approved', since: ago(1480) }),
  seat(6, { group: 'away', phase: 'break', state: 'break', session: '', class: '', since: ago(615) }),
  seat(7, { group: 'alert', ...closed, state: 'spoof', since: ago(260), reason: 'lease.spoof', reason_text: 'なりすましの疑いを検知したため、接続を閉じました。' }),
  seat(8, { group: 'watch', state: 'unsure', since: ago(2) }),
  seat(9, { group: 'off', phase: 'offline', state: 'unknown', session: '', class: '', since: null }),
  seat(10, {}),
  seat(11, { group: 'off', phase: 'offline', state: 'unknown', session: '', class: '', since: null }),
  seat(12, { group: 'alert', ...closed, state: 'covered', since: ago(1804), reason: 'lease.covered', reason_text: 'カメラが覆われているか映像が止まっているため、接続を閉じました。' }),
  seat(13, {}),
];

const hexOf = (n: number) => (0x9e3779b1 * (n + 1)).toString(16).padStart(16, '0').slice(-16).repeat(4);

const device = (n: number, change: Partial<Device>): Device => ({
  id: id(3, n),
  asset_tag: `PC-${String(n + 101)}`,
  model: '見本ノート X1（架空）',
  place: people[n]!.place,
  policy: people[n]!.place === 'office' ? 'office' : 'home',
  person: people[n]!.id,
  person_name: people[n]!.name,
  state: 'issued',
  since: ago(86400 * (n + 1)),
  reason: '',
  tier: 'B',
  key_kind: 'tpm',
  fingerprint: '7f3a-91c2-0d5e-b846-2a17',
  hostname: `mihon-${n + 101}`,
  platform: 'windows/amd64',
  agent: '1.0.0',
  registered: ago(86400 * (n + 2)),
  code_until: null,
  ground: 'person',
  ek: hexOf(n),
  trouble: '',
  trouble_text: '',
  pool: null,
  trouble_at: null,
  code_held: false,
  ...change,
});

export const devices: Device[] = [
  ...Array.from({ length: 8 }, (_, n) => device(n, n < 3 ? { tier: 'A', ground: 'list' } : {})),
  device(8, { state: 'pending', since: ago(140), tier: '' }),
  device(9, { state: 'registered', tier: '', key_kind: '', fingerprint: '', hostname: '', platform: '', agent: '', code_until: ahead(86400 * 13) }),
  device(10, { trouble: 'device.tpm_replaced', trouble_text: 'このPCのTPMが、登録したときのものと違います。', trouble_at: ago(4000), state: 'suspended', reason: '自宅の通信環境を確認中' }),
  device(11, { tier: 'C', key_kind: 'software', ground: '', ek: '', platform: 'linux/amd64', policy: 'demo' }),
  device(12, { state: 'returned', reason: '契約終了のため返却' }),
  device(13, { state: 'revoked', reason: '電車内で紛失' }),
];
export const pendingDevice = devices[8]!;
export const clearedDevice: Device = { ...pendingDevice, trouble: 'device.tpm_cleared', trouble_text: 'このPCのTPMが初期化され、鍵が失われました。', trouble_at: ago(140) };
export const replacedDevice: Device = { ...devices[4]!, trouble: 'device.tpm_replaced', trouble_text: 'このPCのTPMが、登録したときのものと違います。', trouble_at: ago(4000) };
export const pendingSoftware: Device = { ...pendingDevice, key_kind: 'software', ground: '', ek: '', platform: 'linux/amd64' };
export const newDevice = device(9, { state: 'registered', tier: '', key_kind: '', fingerprint: '', hostname: '', platform: '', agent: '', code_until: null });

export const code = {
  code: 'SK1-AEKGG33OONXWYZJOMV4GC3LQNRSS42TQHI4DINBUTD3QK5LZ2MNQXW4TFOBWGCZLSORUW4ZZAMFXGIIDFPBQXE3LQNRSSA5DFPB2A',
  until: ahead(86400 * 60),
  held: true,
};

export const attestation: Attestation = {
  only_known: true,
  keys: Array.from({ length: 12 }, (_, n) => ({ ek: hexOf(n), label: n === 11 ? '' : `見本ノート X1 SN-${String(4021 + n)}`, added: ago(86400 * 20), device: n < 11 ? id(3, n) : '', asset_tag: n < 11 ? `PC-${String(n + 101)}` : '' })),
  authorities: [
    { id: '51c3'.repeat(16), subject: 'CN=Invented TPM Maker EK Root CA,O=Invented TPM Maker,C=JP', until: '2045-05-01T00:00:00Z', added: ago(86400 * 21) },
  ],
};

export const approvals: Approval[] = [
  {
    id: id(5, 1),
    kind: 'face_enrolment',
    state: 'waiting',
    person: people[4]!.id,
    name: people[4]!.name,
    asked_by: '',
    device: id(3, 4),
    asset_tag: 'PC-105',
    note: '',
    asked: ago(75),
    expires: ahead(525),
    video: false,
  },
  {
    id: id(5, 2),
    kind: 'approved_session',
    state: 'waiting',
    person: people[5]!.id,
    name: people[5]!.name,
    asked_by: '',
    device: id(3, 5),
    asset_tag: 'PC-106',
    note: 'けがで眼帯をしているため、顔認証が使えません。',
    asked: ago(480),
    expires: ahead(120),
    video: false,
  },
];

/** invitationAsked is what a second administrator is asked. */
export const invitationAsked: Approval = {
  id: id(5, 3),
  kind: 'invitation',
  state: 'waiting',
  person: people[5]!.id,
  name: people[5]!.name,
  asked_by: people[0]!.name,
  device: '',
  asset_tag: '',
  note: '',
  asked: ago(30),
  expires: ahead(570),
  video: false,
};

export const desktops: Desktop[] = [
  { id: id(6, 1), name: '受注システム', host: 'vdi-01.example.jp', port: 5900, level: 'full', has_secret: true, people: people.slice(0, 9).map(({ id: one, name }) => ({ id: one, name })) },
  { id: id(6, 2), name: 'よくある質問の検索', host: '192.0.2.24', port: 5901, level: 'none', has_secret: true, people: people.slice(4, 6).map(({ id: one, name }) => ({ id: one, name })) },
  { id: id(6, 3), name: '研修用', host: 'vdi-train.example.jp', port: 5900, level: 'none', has_secret: false, people: [] },
];

const incident = (n: number, change: Partial<IncidentDetail>): IncidentDetail => ({
  id: id(7, n),
  at: ago(3600 * n + 42),
  state: 'onlooker',
  person: people[n]!.id,
  name: people[n]!.name,
  device: id(3, n),
  asset_tag: `PC-${String(n + 101)}`,
  decision: '',
  evidence: 'arrived',
  decided: null,
  decided_by: '',
  session: id(4, n),
  faces: 2,
  first_ms: 212,
  os_locked: true,
  note: '',
  pictures: 1,
  bundles: [{ hash: '4be1'.repeat(16) }],
  viewers: [],
  delete_at: null,
  held: false,
  objection: '',
  ...change,
});

export const incidents: IncidentDetail[] = [
  incident(1, { at: ago(42), evidence: 'expected', pictures: 0, bundles: [] }),
  incident(7, { state: 'spoof', faces: 1, first_ms: 640, objection: '休憩に入る前に、後ろの写真立てが写っただけです。' }),
  incident(12, { state: 'covered', faces: 0, evidence: 'missing', pictures: 0, bundles: [] }),
  incident(3, { state: 'other', faces: 1, decision: 'true', decided: ago(7200), decided_by: '例示 責任', note: '登録外の方が着席していたことを画像で確認。', viewers: [{ name: '例示 責任', at: ago(8000), reason: '登録外の方の着席を確認するため' }], delete_at: ahead(86400 * 6) }),
  incident(6, { decision: 'harmless', decided: ago(90000), decided_by: '試作 責任', note: '家族が一瞬通っただけ。', delete_at: ahead(86400 * 5) }),
  incident(10, { decision: 'false', decided: ago(400000), decided_by: '例示 責任', note: 'ポスターの人物を検知。', evidence: 'deleted', pictures: 0, bundles: [] }),
];

export const policies: GuardPolicy[] = [
  { name: 'home', version: 3, place: 'home', onlooker: true, absent_ms: 10000, reentry: 'strict', lock_os: true, allow_software: false, confirm_every_s: 60 },
  { name: 'office', version: 1, place: 'office', onlooker: false, absent_ms: 30000, reentry: 'standard', lock_os: false, allow_software: false, confirm_every_s: 120 },
  { name: 'demo', version: 1, place: 'home', onlooker: true, absent_ms: 10000, reentry: 'standard', lock_os: false, allow_software: true, confirm_every_s: 0 },
];

const postureNames: [string, string][] = [
  ['disk_encryption', 'ディスクの暗号化'], ['os_age', 'OSの更新'], ['firewall', 'ファイアウォール'], ['firewall_outbound', '外向き通信の既定の遮断'], ['antivirus', 'ウイルス対策'],
  ['screen_lock', '画面ロックまでの時間'], ['usb_storage', 'USBメモリー'], ['place', 'ネットワークと場所'], ['remote_control', '遠隔操作のプログラム'], ['screen_capture', '画面録画のプログラム'],
  ['virtual_camera', '仮想カメラ'], ['virtual_machine', '仮想マシン'], ['agent_version', 'エージェントのバージョン'],
];
const level = (check: string): 'off' | 'warn' | 'close' =>
  ['firewall_outbound', 'agent_version'].includes(check) ? 'off' : ['os_age', 'antivirus', 'screen_lock', 'usb_storage'].includes(check) ? 'warn' : 'close';

/** posture is a PC of which all is well, as changed by check. */
export const posture = (bad: { [check: string]: [outcome: 'fail' | 'unknown', seen: string, todo: string] } = {}, place = '自宅'): DevicePosture => ({
  at: ago(22),
  code: Object.keys(bad).some((check) => level(check) === 'close') ? 'posture.refused' : '',
  refused: Object.keys(bad).some((check) => level(check) === 'close'),
  place,
  around: place === '' ? 0 : 5,
  checks: postureNames.map(([check, name]) => {
    const [outcome, seen, todo] = bad[check] ?? (['pass', check === 'os_age' ? '最後の更新から9日' : '適切な状態です', ''] as const);
    return { check, name, level: level(check), outcome, seen, do: todo, failing: outcome !== 'pass' && level(check) !== 'off', at: ago(22) };
  }),
});
export const badPosture = posture({
  usb_storage: ['fail', '使える設定か、つながっています：USB storage', 'USBメモリーを抜いてください。'],
  place: ['fail', 'ルーターは許可されたものですが、周りの電波が違います', '許可された場所で働いてください。'],
  remote_control: ['fail', '動いています：AnyDesk', '遠隔操作のプログラムを終了してください。'],
  firewall_outbound: ['unknown', '確かめられませんでした', ''],
});

const rulesOf = (policy: string, version: number, change: (check: string) => 'off' | 'warn' | 'close'): PostureRules => ({
  policy,
  version,
  rules: postureNames.map(([check]) => ({
    check,
    level: change(check),
    on: check === 'antivirus' ? ['windows'] : ['windows', 'linux', 'darwin'],
    limit: check === 'os_age' ? 120 : check === 'screen_lock' ? 600 : 0,
  })),
  agent: policy === 'home' ? '1.2.0' : '',
  places: policy === 'office' ? [{ name: '見本センター 3階', routers: ['10:6f:3f:01:02:03'], around: ['34:76:c5:aa:bb:01', '50:c7:bf:00:11:22', '9c:3d:cf:10:20:30'] }] : [],
});
export const postureRules = [
  { place: 'home' as const, rules: rulesOf('home', 4, level) },
  { place: 'office' as const, rules: rulesOf('office', 0, (check) => (level(check) === 'close' ? 'warn' : level(check))) },
  { place: 'home' as const, rules: rulesOf('demo', 1, () => 'off') },
];

const leaf = '9f2c7be04a1d'.repeat(6).slice(0, 64);
const row = (seq: number, kind: string, change: Partial<AuditRow>): AuditRow => ({
  seq,
  at: ago((2841 - seq) * 37),
  kind,
  person: '',
  device: '',
  role: '',
  process: '',
  object: '',
  object_id: '',
  decision: 'allow',
  reason: '',
  reason_text: '',
  session: '',
  customer: '',
  call: '',
  detail: {},
  personal: {},
  late: false,
  leaf,
  ...change,
});
const operator = (n: number) => ({ person: people[n]!.id, device: id(3, n), role: 'operator', session: id(4, n) });
const sv = { person: who('sv-mihon').id, role: 'supervisor' };

export const rows: AuditRow[] = [
  row(2841, 'session.ended', { ...operator(1), object: 'session', object_id: id(4, 1), decision: '', reason: 'lease.onlooker', reason_text: 'のぞき見を検知したため、接続を閉じました。', detail: { state: 'onlooker' } }),
  row(2840, 'incident.reported', { ...operator(1), object: 'incident', object_id: id(7, 1), decision: '', detail: { state: 'onlooker' } }),
  row(2839, 'desktop.reached', { ...operator(1), object: 'desktop', object_id: id(6, 1) }),
  row(2838, 'login.accepted', { person: who('officer-1').id, object: 'person', object_id: who('officer-1').id, detail: { method: 'passkey', rp: 'console' } }),
  row(2837, 'session.opened', { ...operator(1), object: 'session', object_id: id(4, 1), detail: { class: 'face', policy: 'home' } }),
  row(2836, 'approval.denied', { ...sv, object: 'approval', object_id: id(5, 9), decision: 'deny', reason: 'approval.code', reason_text: '4桁の番号が違います。' }),
  row(2835, 'device.suspended', { person: who('admin').id, role: 'administrator', object: 'device', object_id: id(3, 10), decision: '', personal: { reason: '自宅の通信環境を確認中' } }),
  row(2834, 'device.bound', { person: people[1]!.id, device: id(3, 1), object: 'device', object_id: id(3, 1) }),
  row(2833, 'login.refused', { decision: 'deny', reason: 'passkey.refused', detail: { method: 'passkey', rp: 'console' } }),
  row(2832, 'policy.changed', { person: who('admin').id, role: 'administrator', object: 'policy', object_id: 'home', detail: { absent_s: '15 → 10', version: '3' } }),
  row(2831, 'audit.checkpoint', { process: 'server', decision: '' }),
];
/** inCall is a row that touched a customer during a call. */
export const inCall = row(2839, 'desktop.reached', { ...operator(1), object: 'desktop', object_id: id(6, 1), customer: id(8, 41), call: id(8, 42) });

export const names: { [key: string]: string } = Object.fromEntries([
  ...people.map((one) => [one.id, one.name] as const),
  ...devices.map((one) => [one.id, one.asset_tag] as const),
]);

export const problem = (status: number, code_: string, title: string, action: string): { problem: Problem } => ({
  problem: { type: `tag:sekisho,2026:${code_}`, status, code: code_, title, action },
});
export const failure = problem(500, 'internal', '処理に失敗しました。', '少し待ってからもう一度お試しください。続くときは管理者に連絡してください。');

const checkpoint = {
  size: 2842,
  root: leaf,
  text: `sekisho.example.jp/audit\n2842\nn2yb4EodnSx74EodnSx74EodnSx74EodnSx74EodnSw=\n\n— sekisho.example.jp/audit AAAAAA==\n`,
  key: 'sekisho.example.jp/audit+1f3c9a70+AZ0iS0m1p2l5a2VyIGtleSBvZiBhIGRlbW8gbG9n',
  opened: true,
};

const anyQuery = { text: '', person: '', device: '', session: '', customer: '', call: '', object: '', kind: '', from: '', to: '' };
export const searches: SavedSearch[] = [
  { id: id(8, 1), name: '今月の持ち出し', query: { ...anyQuery, kind: 'audit.exported,audit.rows_exported,report.made,report.downloaded,evidence.viewed', from: '2026-11-01' } },
  { id: id(8, 2), name: '拒否されたログイン', query: { ...anyQuery, kind: 'login.refused' } },
];

export const siem: Siem = {
  on: true, address: 'siem.example.jp:6514', format: 'rfc5424', next: 2842, known: true, lag: 0, oldest: null, sent: ago(4), failing: null, code: '', title: '', action: '',
};
const siemOff: Siem = { ...siem, on: false, address: '', format: '', next: 0, sent: null };
export const siemFailing: Siem = {
  ...siem, format: 'ocsf', next: 2310, lag: 532, oldest: ago(19_800), sent: ago(19_830), failing: ago(19_800), code: 'siem.certificate',
  title: 'SIEMの証明書を信頼できないため、転送しません。',
  action: '受信側の証明書と、sekisho.tomlのsiem.caとsiem.nameを確かめてください。覚えのない証明書のときは、情報セキュリティ責任者に連絡してください。',
};

export const reports: Report[] = [
  { id: id(9, 2), at: ago(3_600), by: '例示 責任', from: '2026-11-01', to: '2026-11-21', language: 'ja', format: 'pdf', addressee: '例示商事株式会社', sha256: leaf, size: 48_213 },
  { id: id(9, 1), at: ago(86_400 * 20), by: '例示 責任', from: '2026-10-01', to: '2026-10-31', language: 'en', format: 'html', addressee: 'Example Trading Ltd', sha256: leaf, size: 47_120 },
];

/** everything is a centre on an ordinary morning, as one person sees it. */
export function everything(login: string, demo = false): Answers {
  return {
    'GET /session': { body: signedIn(login, demo) },
    'GET /floor': floorOf(now, seats),
    'GET /approvals': { body: { now, for: [], approvals } },
    'GET /acts': { body: b.acts(login) },
    'GET /disaster': { body: b.calm },
    'GET /deputies': { body: b.deputies(login) },
    'GET /incidents': { body: { incidents } },
    'GET /incidents/*': { body: incidents[1] },
    'GET /devices': devicesOf(devices),
    'GET /devices/*': { body: devices[0] },
    'GET /loans': loanListOf(loansOf(devices)),
    'GET /loans/*': { body: loanOf(loansOf(devices)[0]!) },
    'GET /attestation': { body: attestation },
    'GET /people': peopleOf(people),
    'GET /passwords/locked': { body: { locked: [] } },
    'GET /desktops': { body: { desktops } },
    'GET /desktops/*/who': { body: whoSees },
    'GET /clients': { body: { clients: login === 'client-auditor' ? clients.slice(0, 1) : clients } },
    'GET /clients/*': { body: clientFile },
    'GET /rules': { body: rules },
    'GET /networks': { body: networks },
    'GET /offices': { body: office },
    'GET /pools': { body: pools },
    'GET /trunks': { body: telephone.trunks },
    'GET /numbers': { body: telephone.numbers },
    'GET /queues': { body: telephone.queues },
    'GET /skills': { body: telephone.skills },
    ...flowAnswers,
    'GET /old-faces': { body: { old_faces: [] } },
    'POST /witness/*/take': { body: watched },
    'GET /witness/*': { body: watched },
    'GET /roles': { body: ownRoles },
    'GET /identities': { body: { provider: '見本の認証サービス', links: [{ person: people[6]!.id, subject: '00u1a2b3c4' }] } },
    'GET /shifts': shiftsOf(shifts),
    'GET /readiness': { body: login === 'client-auditor' ? clientReadiness : readiness },
    'GET /readiness/clients/*': { body: clientReadiness },
    'GET /readiness/people/*': { body: personReadiness },
    'GET /readiness/checks': { body: roomChecks },
    'GET /readiness/rules': { body: roomRules },
    'POST /readiness/checks/*/photo': { body: { jpeg: photo } },
    'GET /refusals': { body: { refusals } },
    'GET /policies': { body: { policies } },
    'GET /posture/rules': { body: { policies: postureRules } },
    'GET /devices/*/posture': { body: posture() },
    'GET /audit': { body: { rows, before: 2831, looked: null, names } },
    'GET /audit/subjects': {
      body: {
        subjects: [
          ...people.map((one) => ({ type: 'person', id: one.id, label: one.name })),
          ...devices.map((one) => ({ type: 'device', id: one.id, label: one.asset_tag })),
        ],
      },
    },
    'GET /audit/checkpoint': { body: checkpoint },
    'GET /audit/searches': { body: { searches } },
    'GET /audit/siem': { body: siem },
    'GET /audit/rows': { file: '\ufeff"番号"\r\n' },
    'GET /reports': { body: { reports, key: checkpoint.key } },
    'GET /reports/*/file': { file: '<!doctype html>' },
    'GET /audit/*/proof': { file: 'c2sp.org/tlog-proof@v1\n' },
    'POST /session/end': { body: { state: 'signed_out', demo, expires: null, provider: '' } },
  };
}

export const demoPeople = {
  people: people
    .filter((one) => one.roles.some((role) => role !== 'operator'))
    .map(({ id: one, name, roles }) => ({ id: one, name, roles })),
};

/** nothing is a centre on its first day. */
export function nothing(login: string): Answers {
  return {
    ...everything(login),
    'GET /floor': floorOf(now, []),
    'GET /approvals': { body: { now, for: [], approvals: [] } },
    'GET /acts': { body: { now, alone: true, open: [], closed: [] } },
    'GET /disaster': { body: { ...b.calm, widenings: [] } },
    'GET /deputies': { body: { deputies: [], candidates: [] } },
    'GET /incidents': { body: { incidents: [] } },
    'GET /devices': devicesOf([]),
    'GET /loans': loanListOf([]),
    'GET /attestation': { body: { only_known: false, keys: [], authorities: [] } },
    'GET /desktops': { body: { desktops: [] } },
    'GET /audit': { body: { rows: [], before: 0, looked: null, names: {} } },
    'GET /audit/searches': { body: { searches: [] } },
    'GET /audit/siem': { body: siemOff },
    'GET /reports': { body: { reports: [], key: checkpoint.key } },
  };
}

const listRow = (line: number, login: string, name: string, fate: ListRow['fate'], change: Partial<ListRow> = {}): ListRow => ({ line, person: people.find((one) => one.login === login)?.id ?? '', login, name, fate, fields: [], faults: [], ...change });

/** list is a list of people that can be applied, refusedList one that cannot. */
export const list: List = {
  encoding: 'shift_jis',
  seen: 'ab12'.repeat(16),
  new: 2,
  changed: 1,
  unchanged: 1,
  refused: 0,
  rows: [
    listRow(2, 'mihon-01', '見本 一郎', 'new'),
    listRow(3, 'mihon-02', '見本 二葉', 'new'),
    listRow(4, 'op-004', '試作 健', 'changed', { fields: ['roles', 'last_day', 'agency'] }),
    listRow(5, 'op-005', '仮名 美咲', 'unchanged'),
  ],
};
export const refusedList: List = {
  ...list,
  new: 1,
  changed: 0,
  unchanged: 0,
  refused: 3,
  rows: [
    listRow(2, 'mihon-01', '見本 一郎', 'refused', {
      faults: [{ field: 'login', code: 'list.duplicate', title: '同じログインIDが、ほかの行にもあります。', action: 'どちらかの行を取り除いてください。', line: 5 }],
    }),
    listRow(3, 'mihon-02', '見本 二葉', 'new'),
    listRow(4, 'admin', '架空 管理', 'refused', {
      faults: [
        { field: 'roles', code: 'list.role_by_hand', title: '名簿で変えられる役割は、オペレーターとスーパーバイザーだけです。', action: 'ほかの役割は「利用者」の画面で一人ずつ設定してください。', line: 0 },
        { field: 'agency', code: 'list.formula', title: '表計算ソフトが計算式として扱う文字で始まっています。', action: '先頭の「=」「+」「-」「@」を取り除いてください。', line: 0 },
      ],
    }),
    listRow(5, 'mihon-01', '見本 一郎', 'refused', {
      faults: [{ field: 'login', code: 'list.duplicate', title: '同じログインIDが、ほかの行にもあります。', action: 'どちらかの行を取り除いてください。', line: 2 }],
    }),
  ],
};

export const locked: LockedPassword[] = [{ id: people[6]!.id, name: people[6]!.name, until: ahead(840) }];

export const rolledBack = { body: { ...checkpoint, opened: false } };
