import { z } from './z';

/** states are the guard's states as sekisho.State names them, in the order of their numbers. */
export const states = ['unknown', 'present', 'unsure', 'onlooker', 'other', 'absent', 'covered', 'spoof', 'break', 'lost'] as const;

/** State denies when it is not understood: an unknown name is "unknown". */
export const State = z.enum(states).catch('unknown');
export type State = z.infer<typeof State>;

/** Tier is how much a PC's key proves; '' is not known yet and not trusted. */
export const Tier = z.enum(['', 'A', 'B', 'C']).catch('');
export type Tier = z.infer<typeof Tier>;

export const Place = z.enum(['', 'home', 'office']).catch('');
export type Place = z.infer<typeof Place>;

export const LeaseClass = z.enum(['', 'face', 'approved']).catch('');
export type LeaseClass = z.infer<typeof LeaseClass>;

export const roles = ['operator', 'supervisor', 'administrator', 'officer', 'auditor'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;
