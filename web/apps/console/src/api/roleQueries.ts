import { z } from '@sekisho/wire/z';
import { queryOptions } from '@tanstack/react-query';
import { api, refreshed } from './client';

/** sides are the built-in roles whose rights an own role may hold, in the order of the page. */
export const sides = ['supervisor', 'auditor', 'officer', 'administrator'] as const;

export const Right = z.object({ right: z.string(), side: z.enum(sides) });
export type Right = z.infer<typeof Right>;

export const OwnRole = z.object({ id: z.string(), name: z.string(), rights: z.array(z.string()), version: z.number(), changed: z.string(), holders: z.array(z.object({ id: z.string(), name: z.string() })) });
export type OwnRole = z.infer<typeof OwnRole>;

export const Roles = z.object({ rights: z.array(Right), roles: z.array(OwnRole) });
export type Roles = z.infer<typeof Roles>;

export const roleKeys = { roles: ['roles'] } as const;

export const rolesQuery = queryOptions({
  queryKey: roleKeys.roles,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/roles'), Roles, undefined, signal),
});
