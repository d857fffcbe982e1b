import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { api, refreshed } from './client';
import { keys } from './queries';

const instant = z.string().nullable();

export const actKinds = ['person.create', 'person.change', 'person.resume', 'policy', 'posture', 'training', 'shifts', 'rules', 'network', 'offices', 'course', 'room', 'tpm.authority', 'tpm.unknown', 'desktop.level', 'recording.lift', 'recording.days', 'device.place', 'role.make', 'role.change', 'role.give', 'identity.link', 'export', 'records', 'widening', 'disaster'] as const;
export const actStates = ['waiting', 'confirmed', 'used', 'failed', 'refused', 'withdrawn', 'expired'] as const;

/** Difference is one thing that a change would change; field is a word of fieldTexts. */
export const Difference = z.object({ field: z.string(), object: z.string(), before: z.string(), after: z.string(), beside: z.boolean().optional() });
export type Difference = z.infer<typeof Difference>;

/** Act is a dangerous act that waits for a second person, or was closed. */
export const Act = z.object({
  id: z.string(),
  kind: z.enum(actKinds),
  object: z.string(),
  asker: z.string(),
  mine: z.boolean(),
  confirms: z.boolean(),
  state: z.enum(actStates).catch('refused'),
  digest: z.string(),
  differences: z.array(Difference),
  asked: instant,
  expires: instant,
  decider: z.string(),
  decided: instant,
  reason: z.string(),
});
export type Act = z.infer<typeof Act>;

export const Acts = z.object({ now: z.string(), alone: z.boolean(), open: z.array(Act), closed: z.array(Act) });
export type Acts = z.infer<typeof Acts>;

/** ConfirmBegun is how to confirm: with the passkey that options ask for, or, in demonstration data, without. */
export const ConfirmBegun = z.object({ passkey: z.boolean(), ceremony: z.string(), options: z.unknown() });
export const Confirmed = z.object({ act: Act, result: z.unknown() });

export const actsQuery = queryOptions({
  queryKey: keys.acts,
  queryFn: async ({ signal }) => {
    const answer = await api.ask('GET', refreshed('/acts'), Acts, undefined, signal);
    return { ...answer, skew: Date.parse(answer.now) - Date.now() };
  },
  refetchInterval: 30_000,
});
