import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { api, refreshed } from './client';
import { keys } from './queries';

const instant = z.string().nullable();

export const Widening = z.object({ id: z.string(), name: z.string(), text: z.string(), author: z.string(), agreed: instant });
export type Widening = z.infer<typeof Widening>;

export const Disaster = z.object({
  now: z.string(),
  on: z.boolean(),
  name: z.string(),
  reason: z.string(),
  announcement: z.string(),
  author: z.string(),
  begins: instant,
  ends: instant,
  widenings: z.array(Widening),
});
export type Disaster = z.infer<typeof Disaster>;

export const disasterQuery = queryOptions({
  queryKey: keys.disaster,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/disaster'), Disaster, undefined, signal),
  refetchInterval: 30_000,
});
