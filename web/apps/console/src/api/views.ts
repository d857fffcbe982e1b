import { LeaseClass, Place, Role, State, Tier } from '@sekisho/wire/states';
import { GuardPolicy, PostureStanding } from '@sekisho/wire/desk';
import { z } from 'zod';
import { Page } from './paging';

// What the console's door answers (internal/api/console/views.go), parsed at
// the border. A word that is not understood becomes the one that promises least.

const instant = z.string().nullable();

export const Me = z.object({ id: z.string(), name: z.string(), login: z.string(), roles: z.array(Role), rights: z.array(z.string()), client: z.string() });
export type Me = z.infer<typeof Me>;

/** Home is the issued PC that the console is shown on. */
export const Home = z.object({ person: z.string(), name: z.string(), passkey: z.boolean() });
export type Home = z.infer<typeof Home>;

/** HomeCode lets its person register a passkey at an issued PC. */
export const HomeCode = z.object({ code: z.string(), until: z.string() });
export type HomeCode = z.infer<typeof HomeCode>;

export const Session = z.object({
  state: z.enum(['setup', 'signed_out', 'signed_in']).catch('signed_out'),
  demo: z.boolean(),
  person: Me.optional(),
  expires: instant,
  provider: z.string(),
  home: Home.optional(),
});
export type Session = z.infer<typeof Session>;

/** Provider is where a browser goes to sign in through the identity provider. */
export const Provider = z.object({ url: z.string() });

export const Identity = z.object({ person: z.string(), subject: z.string() });
export const Identities = z.object({ provider: z.string(), links: z.array(Identity) });

export const Setup = z.object({ state: z.enum(['needed', 'done']), demo: z.boolean() });
export type Setup = z.infer<typeof Setup>;

export const Ceremony = z.object({ ceremony: z.string(), options: z.unknown(), name: z.string() });
export type Ceremony = z.infer<typeof Ceremony>;

export const DemoPeople = z.object({ people: z.array(z.object({ id: z.string(), name: z.string(), roles: z.array(Role) })) });
export type DemoPeople = z.infer<typeof DemoPeople>;

export const phases = ['offline', 'quarantine', 'live', 'closed', 'break'] as const;
export type Phase = (typeof phases)[number];

/** groups is what a supervisor looks for first; the order here is the order on the floor. */
export const groups = ['alert', 'watch', 'gate', 'open', 'away', 'off'] as const;
export type Group = (typeof groups)[number];

export const Seat = z.object({
  person: z.string(),
  name: z.string(),
  device: z.string(),
  asset_tag: z.string(),
  place: Place,
  tier: Tier,
  group: z.enum(groups).catch('alert'), // what is not understood needs attention
  phase: z.enum(phases).catch('offline'),
  state: State,
  since: instant,
  session: z.string(),
  class: LeaseClass,
  reason: z.string(),
  reason_text: z.string(),
});
export type Seat = z.infer<typeof Seat>;

export const Floor = z.object({ now: z.string(), page: Page, seats: z.array(Seat) });
export type Floor = z.infer<typeof Floor>;

export const deviceStates = ['registered', 'pending', 'issued', 'suspended', 'returned', 'revoked'] as const;
export type DeviceState = (typeof deviceStates)[number];

export const Device = z.object({
  id: z.string(),
  asset_tag: z.string(),
  model: z.string(),
  place: Place,
  policy: z.string(),
  person: z.string(),
  person_name: z.string(),
  state: z.enum(deviceStates).catch('revoked'),
  since: instant,
  reason: z.string(),
  tier: Tier,
  key_kind: z.enum(['', 'tpm', 'software']).catch(''),
  fingerprint: z.string(),
  hostname: z.string(),
  platform: z.string(),
  agent: z.string(),
  registered: instant,
  code_until: instant,
  code_held: z.boolean(),
  ground: z.enum(['', 'list', 'certificate', 'person']).catch(''),
  ek: z.string(),
  trouble: z.string(),
  trouble_text: z.string(),
  pool: z.object({ id: z.string(), name: z.string(), people: z.array(z.string()) }).nullable(),
  trouble_at: instant,
});
export type Device = z.infer<typeof Device>;

export const Devices = z.object({ page: Page, devices: z.array(Device) });
export const EnrolmentCode = z.object({ code: z.string(), until: instant, held: z.boolean() });
export type EnrolmentCode = z.infer<typeof EnrolmentCode>;

/** KnownKey is one endorsement key of the allow-list. */
export const KnownKey = z.object({ ek: z.string(), label: z.string(), added: instant, device: z.string(), asset_tag: z.string() });
export type KnownKey = z.infer<typeof KnownKey>;
export const Authority = z.object({ id: z.string(), subject: z.string(), until: instant, added: instant });
export type Authority = z.infer<typeof Authority>;
export const Attestation = z.object({ only_known: z.boolean(), keys: z.array(KnownKey), authorities: z.array(Authority) });
export type Attestation = z.infer<typeof Attestation>;
const ImportFault = z.object({ line: z.number(), code: z.string(), title: z.string(), action: z.string() });
export const Imported = z.object({ added: z.number(), known: z.number(), faults: z.array(ImportFault) });
export type Imported = z.infer<typeof Imported>;

export const Person = z.object({
  id: z.string(),
  name: z.string(),
  kana: z.string(),
  login: z.string(),
  roles: z.array(Role),
  face_usable: z.boolean(),
  place: Place,
  active: z.boolean(),
  suspended: z.boolean(),
  passkeys: z.number(),
  password: z.enum(['none', 'allowed', 'set']).catch('none'),
  agency: z.string(),
  last_day: z.string(),
});
export type Person = z.infer<typeof Person>;

export const People = z.object({ page: Page, people: z.array(Person) });

/** Invited is whom an invitation is for. */
export const Invited = z.object({ name: z.string(), login: z.string(), password: z.boolean() });
export type Invited = z.infer<typeof Invited>;

export const PasswordAnswer = z.object({ response: z.string() });
export const PasswordBegun = z.object({ ceremony: z.string(), ke2: z.string() });

export const LockedPasswords = z.object({ locked: z.array(z.object({ id: z.string(), name: z.string(), until: z.string() })) });
export type LockedPassword = z.infer<typeof LockedPasswords>['locked'][number];

export const fates = ['refused', 'new', 'changed', 'unchanged'] as const;
export type Fate = (typeof fates)[number];

export const ListFault = z.object({ field: z.string(), code: z.string(), title: z.string(), action: z.string(), line: z.number() });
export type ListFault = z.infer<typeof ListFault>;
export const ListRow = z.object({
  line: z.number(),
  person: z.string(),
  login: z.string(),
  name: z.string(),
  fate: z.enum(fates).catch('refused'),
  fields: z.array(z.string()),
  faults: z.array(ListFault),
});
export type ListRow = z.infer<typeof ListRow>;

/** List is what becomes of every row of a list of people. */
export const List = z.object({
  encoding: z.string(),
  seen: z.string(),
  new: z.number(),
  changed: z.number(),
  unchanged: z.number(),
  refused: z.number(),
  rows: z.array(ListRow),
});
export type List = z.infer<typeof List>;

const approvalState = z.enum(['waiting', 'approved', 'refused', 'expired', 'used']).catch('refused');

/** Asked is a question as its asker sees it: with the number that he reads out. */
export const Asked = z.object({ id: z.string(), code: z.string(), state: approvalState, expires: instant });
export type Asked = z.infer<typeof Asked>;

/** Invitation is a link, or the question to a second administrator that stands before it. */
export const Invitation = z.object({ url: z.string(), until: instant, approval: Asked.optional() });
export type Invitation = z.infer<typeof Invitation>;

export const Approval = z.object({
  id: z.string(),
  kind: z.enum(['face_enrolment', 'approved_session', 'passkey', 'invitation']),
  state: approvalState,
  person: z.string(),
  name: z.string(),
  asked_by: z.string(),
  device: z.string(),
  asset_tag: z.string(),
  note: z.string(),
  asked: instant,
  expires: instant,
  video: z.boolean(),
});
export type Approval = z.infer<typeof Approval>;

export const Approvals = z.object({ now: z.string(), for: z.array(z.string()), approvals: z.array(Approval) });

/** levels are how much personal data a desktop shows (個人情報: あり, 少ない, なし). */
export const levels = ['full', 'little', 'none'] as const;
export type Level = (typeof levels)[number];

export const Desktop = z.object({
  id: z.string(),
  name: z.string(),
  host: z.string(),
  port: z.number(),
  level: z.enum(levels).catch('full'),
  has_secret: z.boolean(),
  people: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type Desktop = z.infer<typeof Desktop>;
export const Desktops = z.object({ desktops: z.array(Desktop) });

export const decisions = ['', 'true', 'harmless', 'false'] as const;
export type Decision = (typeof decisions)[number];
const evidences = ['expected', 'arrived', 'missing', 'deleted', 'none'] as const;
export type Evidence = (typeof evidences)[number];

export const Incident = z.object({
  id: z.string(),
  at: z.string(),
  state: State,
  person: z.string(),
  name: z.string(),
  device: z.string(),
  asset_tag: z.string(),
  decision: z.enum(decisions).catch(''),
  evidence: z.enum(evidences).catch('missing'),
  decided: instant,
  decided_by: z.string(),
});
export type Incident = z.infer<typeof Incident>;

export const Bundle = z.object({ hash: z.string() });
export type Bundle = z.infer<typeof Bundle>;

export const IncidentDetail = Incident.extend({
  session: z.string(),
  faces: z.number(),
  first_ms: z.number(),
  os_locked: z.boolean(),
  note: z.string(),
  pictures: z.number(),
  bundles: z.array(Bundle),
  viewers: z.array(z.object({ name: z.string(), at: z.string(), reason: z.string() })),
  delete_at: instant,
  held: z.boolean(),
  objection: z.string(),
});
export type IncidentDetail = z.infer<typeof IncidentDetail>;

export const Incidents = z.object({ incidents: z.array(Incident) });

export const AuditRow = z.object({
  seq: z.number(),
  at: z.string(),
  kind: z.string(),
  person: z.string(),
  device: z.string(),
  role: z.string(),
  process: z.string(),
  object: z.string(),
  object_id: z.string(),
  decision: z.string(),
  reason: z.string(),
  reason_text: z.string(),
  session: z.string(),
  customer: z.string(),
  call: z.string(),
  detail: z.record(z.string(), z.string()),
  personal: z.record(z.string(), z.string()),
  late: z.boolean(),
  leaf: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

export const AuditPage = z.object({ rows: z.array(AuditRow), before: z.number(), looked: instant, names: z.record(z.string(), z.string()) });
export type AuditPage = z.infer<typeof AuditPage>;

export const Subjects = z.object({
  subjects: z.array(z.object({ type: z.enum(['person', 'device']), id: z.string(), label: z.string() })),
});
export type Subjects = z.infer<typeof Subjects>;

export const Policies = z.object({ policies: z.array(GuardPolicy) });
export { GuardPolicy };

/** DevicePosture is how one PC stands by its policy's rules, with the place that is its own. */
export const DevicePosture = PostureStanding.extend({ place: z.string(), around: z.number() });
export type DevicePosture = z.infer<typeof DevicePosture>;

export const PostureRule = z.object({ check: z.string(), level: z.enum(['off', 'warn', 'close']).catch('close'), on: z.array(z.string()), limit: z.number() });
export type PostureRule = z.infer<typeof PostureRule>;
export const PosturePlace = z.object({ name: z.string(), routers: z.array(z.string()), around: z.array(z.string()) });
export const PostureRules = z.object({
  policy: z.string(),
  version: z.number(),
  rules: z.array(PostureRule),
  agent: z.string(),
  places: z.array(PosturePlace),
});
export type PostureRules = z.infer<typeof PostureRules>;
export const PlaceRules = z.object({ place: Place, rules: PostureRules });
export const PosturePolicies = z.object({ policies: z.array(PlaceRules) });

export const Checkpoint = z.object({ size: z.number(), root: z.string(), text: z.string(), key: z.string(), opened: z.boolean() });
export type Checkpoint = z.infer<typeof Checkpoint>;

export const SearchQuery = z.object({
  text: z.string(),
  person: z.string(),
  device: z.string(),
  session: z.string(),
  customer: z.string().default(''),
  call: z.string().default(''),
  object: z.string(),
  kind: z.string(),
  from: z.string(),
  to: z.string(),
});
export const SavedSearch = z.object({ id: z.string(), name: z.string(), query: SearchQuery });
export type SavedSearch = z.infer<typeof SavedSearch>;
export const SavedSearches = z.object({ searches: z.array(SavedSearch) });

export const Siem = z.object({
  on: z.boolean(),
  address: z.string(),
  format: z.string(),
  next: z.number(),
  known: z.boolean(),
  lag: z.number(),
  oldest: instant,
  sent: instant,
  failing: instant,
  code: z.string(),
  title: z.string(),
  action: z.string(),
});
export type Siem = z.infer<typeof Siem>;

export const Report = z.object({
  id: z.string(),
  at: z.string(),
  by: z.string(),
  from: z.string(),
  to: z.string(),
  language: z.enum(['ja', 'en']),
  format: z.enum(['html', 'pdf']),
  addressee: z.string(),
  sha256: z.string(),
  size: z.number(),
});
export type Report = z.infer<typeof Report>;
export const Reports = z.object({ reports: z.array(Report), key: z.string() });
