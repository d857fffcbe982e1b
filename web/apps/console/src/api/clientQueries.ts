import { queryOptions } from '@tanstack/react-query';
import { api, refreshed } from './client';
import * as view from './clientViews';

export const clientKeys = { clients: ['clients'] } as const;

export const clientsQuery = queryOptions({
  queryKey: clientKeys.clients,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/clients'), view.Clients, undefined, signal),
});

export const clientQuery = (id: string) =>
  queryOptions({
    queryKey: [...clientKeys.clients, id],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/clients/${encodeURIComponent(id)}`), view.ClientFile, undefined, signal),
  });
