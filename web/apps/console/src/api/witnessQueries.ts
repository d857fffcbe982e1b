import { z } from '@sekisho/wire/z';
import { queryOptions } from '@tanstack/react-query';
import { api, refreshed } from './client';

const instant = z.string().nullable();

export const WitnessRequest = z.object({
  hand: z.enum(['left', 'right']),
  fingers: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]),
  place: z.enum(['cheek', 'forehead', 'shoulder']),
});
export type WitnessRequest = z.infer<typeof WitnessRequest>;

/** WitnessCase is ended when its state is not understood: nothing of it is confirmed. */
export const WitnessCase = z.object({
  id: z.string(),
  state: z.enum(['taken', 'watched', 'offered', 'confirmed', 'refused', 'ended', 'used']).catch('ended'),
  reason: z.string(),
  name: z.string(),
  login: z.string(),
  device: z.string(),
  asset_tag: z.string(),
  replaces: z.string(),
  received: instant,
  received_by: z.string(),
  request: WitnessRequest.nullable(),
  old: z.enum(['none', 'kept', 'asked', 'given', 'seen']).catch('kept'),
  offer: z.string(),
  digest: z.string(),
  seq: z.number(),
  picture: z.string(),
});
export type WitnessCase = z.infer<typeof WitnessCase>;

export const OldFace = z.object({
  device: z.string(),
  asset_tag: z.string(),
  name: z.string(),
  own: z.boolean(),
  picture: z.string(),
  witness: z.string(),
  mine: z.boolean(),
  key: z.string(),
  mark: z.string(),
  asked: instant,
  given: instant,
});
export type OldFace = z.infer<typeof OldFace>;
export const OldFaces = z.object({ old_faces: z.array(OldFace) });

export const OldFaceSealed = z.object({ device: z.string(), picture: z.string(), sealed: z.string() });

export const witnessKeys = { old: ['old-faces'] } as const;

export const oldFacesQuery = queryOptions({
  queryKey: witnessKeys.old,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/old-faces'), OldFaces, undefined, signal),
});

export const witnessPath = (id: string, what = '') => `/witness/${encodeURIComponent(id)}${what}`;
