import { LeaseClass, Place, Role, State, Tier } from '@sekisho/wire/states';
import { GuardPolicy } from '@sekisho/wire/desk';
import { z } from 'zod';

// What the console's door answers (internal/api/console/views.go), parsed at
// the border. A word that is not understood becomes the one that promises least.

const instant = z.string().nullable();

export const Me = z.object({ id: z.string(), name: z.string(), login: z.string(), roles: z.array(Role), client: z.string() });
export type Me = z.infer<typeof Me>;

export const Session = z.object({
  state: z.enum(['setup', 'signed_out', 'signed_in']).catch('signed_out'),
  demo: z.boolean(),
  person: Me.optional(),
  expires: instant,
});
export type Session = z.infer<typeof Session>;

export const Setup = z.object({ state: z.enum(['needed', 'done']), demo: z.boolean() });
export type Setup = z.infer<typeof Setup>;

export const Ceremony = z.object({ ceremony: z.string(), options: z.unknown(), name: z.string() });
export type Ceremony = z.infer<typeof Ceremony>;

export const DemoPeople = z.object({ people: z.array(z.object({ id: z.string(), name: z.string(), roles: z.array(Role) })) });
export type DemoPeople = z.infer<typeof DemoPeople>;

export const phases = ['offline', 'quarantine', 'live', 'closed', 'break'] as const;
export type Phase = (typeof phases)[number];

export const Seat = z.object({
  person: z.string(),
  name: z.string(),
  device: z.string(),
  asset_tag: z.string(),
  place: Place,
  tier: Tier,
  phase: z.enum(phases).catch('offline'),
  state: State,
  since: instant,
  session: z.string(),
  class: LeaseClass,
  reason: z.string(),
  reason_text: z.string(),
});
export type Seat = z.infer<typeof Seat>;

export const Floor = z.object({ now: z.string(), seats: z.array(Seat) });
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
});
export type Device = z.infer<typeof Device>;

export const Devices = z.object({ devices: z.array(Device) });
export const EnrolmentCode = z.object({ code: z.string(), until: instant });
export type EnrolmentCode = z.infer<typeof EnrolmentCode>;

export const Person = z.object({
  id: z.string(),
  name: z.string(),
  kana: z.string(),
  login: z.string(),
  roles: z.array(Role),
  face_usable: z.boolean(),
  place: Place,
  active: z.boolean(),
  passkeys: z.number(),
});
export type Person = z.infer<typeof Person>;

export const People = z.object({ people: z.array(Person) });
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
});
export type Approval = z.infer<typeof Approval>;

export const Approvals = z.object({ now: z.string(), approvals: z.array(Approval) });

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
const evidences = ['expected', 'arrived', 'missing', 'deleted'] as const;
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
  detail: z.record(z.string(), z.string()),
  personal: z.record(z.string(), z.string()),
  leaf: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

export const AuditPage = z.object({ rows: z.array(AuditRow), before: z.number(), names: z.record(z.string(), z.string()) });
export type AuditPage = z.infer<typeof AuditPage>;

export const Subjects = z.object({
  subjects: z.array(z.object({ type: z.enum(['person', 'device']), id: z.string(), label: z.string() })),
});
export type Subjects = z.infer<typeof Subjects>;

export const Policies = z.object({ policies: z.array(GuardPolicy) });
export { GuardPolicy };

export const Checkpoint = z.object({ size: z.number(), root: z.string(), text: z.string(), key: z.string(), opened: z.boolean() });
export type Checkpoint = z.infer<typeof Checkpoint>;
