import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { api, refreshed } from './client';
import { keys } from './queries';

export const Deputy = z.object({ id: z.string(), principal: z.string(), deputy: z.string(), begins: z.string(), ends: z.string(), now: z.boolean(), mine: z.boolean() });
export type Deputy = z.infer<typeof Deputy>;

export const Candidate = z.object({ id: z.string(), name: z.string() });
export const Deputies = z.object({ deputies: z.array(Deputy), candidates: z.array(Candidate) });
export type Deputies = z.infer<typeof Deputies>;

export const BulkResult = z.object({ id: z.string(), done: z.boolean(), code: z.string(), title: z.string() });
export const Bulk = z.object({ results: z.array(BulkResult) });
export type Bulk = z.infer<typeof Bulk>;

export const deputiesQuery = queryOptions({
  queryKey: keys.deputies,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/deputies'), Deputies, undefined, signal),
});
