import { z } from './z';
import { LeaseClass, Place, State, Tier } from './states';
import { TrainingDue } from './training';

// Mirrors internal/wire/desk.go: the desk door as the page may use it.

export const GuardPolicy = z.object({
  name: z.string(),
  version: z.number(),
  place: Place,
  onlooker: z.boolean(),
  absent_ms: z.number(),
  reentry: z.string(),
  lock_os: z.boolean(),
  allow_software: z.boolean(),
  confirm_every_s: z.number(),
});
export type GuardPolicy = z.infer<typeof GuardPolicy>;

export const DeskSession = z.object({
  id: z.string(),
  class: LeaseClass,
  opened: z.string(),
  expires: z.string().nullable(),
  shift_ends: z.string().nullable(),
});
export type DeskSession = z.infer<typeof DeskSession>;

export const Me = z.object({
  connection: z.string(),
  device: z.object({ id: z.string(), asset_tag: z.string(), tier: Tier, place: Place }),
  person: z.object({
    id: z.string(),
    name: z.string(),
    consented: z.boolean(),
    lapsed: z.boolean(),
    face_usable: z.boolean(),
    commitment: z.string(),
    model: z.string(),
    console: z.boolean(),
  }),
  missing: z.array(z.string()),
  session: DeskSession.nullable(),
  policy: GuardPolicy,
  demo: z.boolean(),
  training: TrainingDue,
  notice: z.string().optional(),
});
export type Me = z.infer<typeof Me>;

export const ConsentText = z.object({
  version: z.number(),
  language: z.string(),
  title: z.string(),
  purpose: z.string(),
  kept: z.string(),
  refusal: z.string(),
  contact: z.string(),
  responsible: z.string(),
});
export type ConsentText = z.infer<typeof ConsentText>;

export type ConsentAnswer = { version: number; accept: boolean };

export type ApprovalKind = 'face_enrolment' | 'approved_session' | 'passkey';
export type ApprovalRequest = { kind: ApprovalKind; note: string };

/** ApprovalState is not approved when it is not understood. */
export const ApprovalState = z.enum(['waiting', 'approved', 'refused', 'expired', 'used']).catch('refused');
export type ApprovalState = z.infer<typeof ApprovalState>;

export const Approval = z.object({
  id: z.string(),
  kind: z.string(),
  code: z.string(),
  state: ApprovalState,
  expires: z.string(),
});
export type Approval = z.infer<typeof Approval>;

export const DeskDesktop = z.object({ id: z.string(), name: z.string() });
export type DeskDesktop = z.infer<typeof DeskDesktop>;

export const decisions = ['', 'true', 'harmless', 'false'] as const;

export const Record = z.object({
  at: z.string(),
  kind: z.string(),
  incident: z.string(),
  state: State,
  decision: z.enum(decisions).catch(''),
  pictures: z.number(),
  delete_at: z.string().nullable(),
  viewer: z.string(),
  note: z.string(),
});
export type Record = z.infer<typeof Record>;

/** Records is a page of 自分の記録; before asks for the next one, 0 at the end. */
export const Records = z.object({ records: z.array(Record), before: z.number() });
export type Records = z.infer<typeof Records>;

export const Event = z.object({ v: z.literal(1), seq: z.number(), type: z.string(), data: z.unknown() });
export type Event = z.infer<typeof Event>;

export const PostureChecked = z.object({
  check: z.string(),
  level: z.enum(['off', 'warn', 'close']).catch('close'),
  outcome: z.enum(['pass', 'fail', 'unknown']).catch('unknown'),
  failing: z.boolean(),
  name: z.string(),
  seen: z.string(),
  do: z.string(),
  at: z.string().nullable(),
});
export type PostureChecked = z.infer<typeof PostureChecked>;

/** PostureStanding is how this PC stands by the rules of its policy, in the page's language. */
export const PostureStanding = z.object({ at: z.string().nullable(), code: z.string(), refused: z.boolean(), checks: z.array(PostureChecked) });
export type PostureStanding = z.infer<typeof PostureStanding>;
