import { Role } from '@sekisho/wire/states';
import { z } from '@sekisho/wire/z';
import { queryOptions } from '@tanstack/react-query';
import { api, refreshed } from './client';

export const Office = z.object({ source: z.string(), guarded: z.boolean(), version: z.number(), roles: z.array(Role), ranges: z.array(z.string()), bindable: z.array(Role) });
export type Office = z.infer<typeof Office>;

export const officeKeys = { office: ['offices'] } as const;

export const officeQuery = queryOptions({
  queryKey: officeKeys.office,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/offices'), Office, undefined, signal),
});
