import { Words } from './training';
import { z } from './z';

// Mirrors internal/wire/calls.go: the operator's telephone.

const instant = z.string().nullable();

export const PhoneQueue = z.object({ id: z.string(), name: z.string(), waiting: z.number() });
export type PhoneQueue = z.infer<typeof PhoneQueue>;

export const PhoneReason = z.object({ id: z.string(), text: Words });
export type PhoneReason = z.infer<typeof PhoneReason>;

export const PhoneNumber = z.object({ number: z.string(), work: z.string(), name: z.string() });
export type PhoneNumber = z.infer<typeof PhoneNumber>;

export const PhoneSaid = z.object({ name: z.string(), value: z.string() });
export type PhoneSaid = z.infer<typeof PhoneSaid>;

export const PhoneCall = z.object({
  id: z.string(),
  token: z.number(),
  until: instant,
  direction: z.enum(['in', 'out']).catch('in'),
  state: z.enum(['offered', 'dialling', 'talking', 'held', 'meeting', 'consulting', 'parked']).catch('talking'),
  queue: z.string(),
  work: z.string(),
  number: z.string(),
  level: z.enum(['full', 'little', 'none']).catch('full'),
  said: z.array(PhoneSaid),
  since: z.string(),
  waited: z.number(),
  masked: z.boolean(),
  recording: z.enum(['on', 'paused', 'off']).catch('on'),
  back: z.boolean(),
  mos: z.number(),
});
export type PhoneCall = z.infer<typeof PhoneCall>;

export const PhoneConsulted = z.object({ name: z.string(), state: z.enum(['ringing', 'talking']).catch('ringing') });
export type PhoneConsulted = z.infer<typeof PhoneConsulted>;

export const PhoneWrapUp = z.object({ call: z.string(), until: instant, codes: z.array(PhoneReason) });
export type PhoneWrapUp = z.infer<typeof PhoneWrapUp>;

export const phoneStates = ['out', 'ready', 'offered', 'talking', 'wrap_up', 'break', 'away', 'no_answer', 'locked'] as const;
export type PhoneStateName = (typeof phoneStates)[number];

export const phoneActs = ['answer', 'decline', 'hold', 'resume', 'mask', 'unmask', 'pause', 'record', 'transfer', 'consult', 'join', 'complete', 'back', 'digit', 'hang_up'] as const;
export type PhoneActName = (typeof phoneActs)[number];

export const Phone = z.object({
  state: z.enum(phoneStates).catch('out'),
  since: z.string(),
  next: z.string(),
  line: z.enum(['none', 'connecting', 'ready']).catch('none'),
  hand: z.boolean(),
  queues: z.array(PhoneQueue),
  call: PhoneCall.nullable(),
  wrap_up: PhoneWrapUp.nullable(),
  consult: PhoneConsulted.nullable(),
  own: z.array(PhoneNumber),
  reasons: z.array(PhoneReason),
  may: z.array(z.string()),
});
export type Phone = z.infer<typeof Phone>;

/** PhoneAct is POST calls/act; what an act does not need is '' or 0. */
export type PhoneAct = { call: string; act: PhoneActName; token: number; to: string; digit: string; reason: string };
/** PhoneState is POST calls/state. */
export type PhoneState = { state: 'ready' | 'away' | 'out'; reason: string };
/** PhoneWritten is POST calls/wrap-up. */
export type PhoneWritten = { call: string; code: string; note: string };
/** PhoneDial is POST calls/dial. */
export type PhoneDial = { number: string; work: string; own: string; withhold: boolean };
