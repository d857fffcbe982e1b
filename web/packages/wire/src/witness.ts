import { Problem } from './problem';
import { z } from './z';

// Mirrors internal/wire/witness.go: an enrolment that a witness watches by video.

/** WitnessState is ended when it is not understood: no picture goes out. */
export const WitnessState = z.enum(['none', 'taken', 'watched', 'offered', 'confirmed', 'refused', 'ended', 'used']).catch('ended');
export type WitnessState = z.infer<typeof WitnessState>;

export const Witnessing = z.object({
  state: WitnessState,
  run: z.string(),
  witness: z.string(),
  needed: z.boolean(),
  reason: z.string(),
  problem: Problem.nullable(),
});
export type Witnessing = z.infer<typeof Witnessing>;

export type WitnessConsent = { run: string; accept: boolean };
export type WitnessPicture = { run: string; picture: string };
