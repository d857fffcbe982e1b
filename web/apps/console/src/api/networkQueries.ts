import { z } from '@sekisho/wire/z';
import { queryOptions } from '@tanstack/react-query';
import { api, refreshed } from './client';

export const Network = z.object({ door: z.enum(['console', 'agents']), version: z.number(), ranges: z.array(z.string()) });
export type Network = z.infer<typeof Network>;
export const Networks = z.object({ source: z.string(), lists: z.array(Network) });

export const networkKeys = { networks: ['networks'] } as const;

export const networksQuery = queryOptions({
  queryKey: networkKeys.networks,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/networks'), Networks, undefined, signal),
});
