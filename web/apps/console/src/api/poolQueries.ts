import { z } from '@sekisho/wire/z';
import { queryOptions } from '@tanstack/react-query';
import { api, refreshed } from './client';

export const PoolPerson = z.object({ person: z.string(), name: z.string(), since: z.string().nullable() });
export const PoolPC = z.object({ device: z.string(), asset_tag: z.string(), state: z.string(), since: z.string().nullable(), key: z.boolean() });
export const Pool = z.object({
  id: z.string(),
  name: z.string(),
  client: z.string(),
  client_name: z.string(),
  created: z.string().nullable(),
  people: z.array(PoolPerson),
  pcs: z.array(PoolPC),
});
export type Pool = z.infer<typeof Pool>;
export const Pools = z.object({ pools: z.array(Pool) });

export const poolKeys = { pools: ['pools'] } as const;

export const poolsQuery = queryOptions({
  queryKey: poolKeys.pools,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/pools'), Pools, undefined, signal),
});
