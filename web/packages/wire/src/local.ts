import { z } from './z';
import { Problem } from './problem';
import { State, Tier } from './states';

// Mirrors internal/wire/local.go: the PC's own door on sekisho.localhost.

export const phases = ['unenrolled', 'pending', 'ready', 'connecting', 'quarantine', 'live', 'black', 'break'] as const;
export type Phase = (typeof phases)[number];

export const LocalTicket = z.object({ ticket: z.string().min(1) });
export type LocalTicket = z.infer<typeof LocalTicket>;

export const LocalBearer = z.object({ bearer: z.string().min(1) });
export type LocalBearer = z.infer<typeof LocalBearer>;

export const LocalModel = z.object({ role: z.string(), name: z.string(), sha256: z.string() });
export type LocalModel = z.infer<typeof LocalModel>;

export const LocalStatus = z.object({
  phase: z.enum(phases),
  code: z.string(),
  title: z.string(),
  action: z.string(),
  asset_tag: z.string(),
  fingerprint: z.string(),
  server: z.string(),
  tier: Tier,
  connection: z.string(),
  session: z.string(),
  engine: z.string(),
  state: State,
  since_ms: z.number(),
  person: z.string(),
  version: z.string(),
  models: z.array(LocalModel),
  /** seq grows with every change: of two statuses that cross, the one with the lower number is the older. */
  seq: z.number(),
  /** again: the TPM has lost this PC's key, and it can be enrolled anew without a code. */
  again: z.boolean(),
  /** shared: several people use this PC; whoever connects says who he is. */
  shared: z.boolean(),
});
export type LocalStatus = z.infer<typeof LocalStatus>;

/** Screen is closed when it is not understood. */
export const Screen = z.enum(['open', 'dim', 'black']).catch('black');
export type Screen = z.infer<typeof Screen>;

/** hints are what a person can do to be seen better; a word that is not known is no hint. */
export const hints = ['', 'closer', 'turn_to_camera', 'brighter', 'hold_still', 'alone', 'same_person', 'turn_left', 'turn_right', 'turn_up'] as const;
export const Hint = z.enum(hints).catch('');
export type Hint = z.infer<typeof Hint>;

/** challenges are movements that the page measures: turning the head, by the yaw of the five points. */
export const challenges = ['', 'turn_left', 'turn_right'] as const;
export const Challenge = z.enum(challenges).catch('');
export type Challenge = z.infer<typeof Challenge>;

export const poses = ['front', 'left', 'right', 'up', 'front2'] as const;
export type Pose = (typeof poses)[number];

export const LocalVerdict = z.object({
  state: State,
  since_ms: z.number(),
  frame_id: z.number(),
  screen: Screen,
  countdown: z.number(),
  interval_ms: z.number(),
  hint: Hint,
});
export type LocalVerdict = z.infer<typeof LocalVerdict>;

export const LocalProgress = z.object({
  step: z.enum(['looking', 'challenge', 'sending', 'done', 'failed']),
  good: z.number(),
  needed: z.number(),
  pose: z.enum(['', ...poses]).catch(''),
  hint: Hint,
  challenge: Challenge,
  problem: Problem.nullable(),
});
export type LocalProgress = z.infer<typeof LocalProgress>;

/**
 * AgentMessage is what the agent says on the guard socket. Each type names the
 * one field that it carries; a message that does not fit is refused whole.
 */
export const AgentMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), status: LocalStatus.optional() }),
  z.object({ type: z.literal('status'), status: LocalStatus }),
  z.object({ type: z.literal('verdict'), verdict: LocalVerdict }),
  z.object({ type: z.literal('nonce'), nonce: z.string() }),
  z.object({ type: z.literal('capture'), incident: z.string(), frame_id: z.number().optional() }),
  z.object({ type: z.literal('login'), login: LocalProgress }),
  z.object({ type: z.literal('enrol'), enrol: LocalProgress }),
  z.object({ type: z.literal('refused'), problem: Problem }),
]);
export type AgentMessage = z.infer<typeof AgentMessage>;

/** Face is one face of a frame as the page measured it; lengths are pixels of the frame. */
export type Face = {
  box: [number, number, number, number];
  score: number;
  points: number[]; // five x, y
  embedding: string; // base64url of 128 little-endian float32, '' if the face is too small
  live: number | null;
  yaw: number | null;
  pitch: number | null;
  sharpness: number;
};

/** Frame is one check: what was measured, never what follows from it. */
export type Frame = {
  id: number;
  age_ms: number;
  width: number;
  height: number;
  faces: Face[];
  luma: number;
  spread: number;
  change: number;
  muted: boolean;
  hidden: boolean;
  camera: string;
  took_ms: number;
  nonce: string;
};

/** PageMessage is what the page says; 'picture' and 'screen' are followed by one binary JPEG. */
export type PageMessage =
  | { type: 'hello'; bearer: string; language: string }
  | { type: 'frame'; frame: Frame }
  | { type: 'alive' }
  | { type: 'picture' | 'screen'; incident: string; frame_id: number }
  | { type: 'login'; approval?: string }
  | { type: 'enrol'; approval: string; watched?: boolean }
  | { type: 'pose'; pose: Pose }
  | { type: 'break' }
  | { type: 'resume' }
  | { type: 'confirm' }
  | { type: 'leave' };
