import { queryOptions } from '@tanstack/react-query';
import { api, refreshed } from './client';
import * as view from './ruleViews';

export const ruleKeys = { rules: ['rules'], who: ['rules', 'who'], refusals: ['refusals'] } as const;

export const rulesQuery = queryOptions({
  queryKey: ruleKeys.rules,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/rules'), view.Rules, undefined, signal),
});

export const whoQuery = (desktop: string) =>
  queryOptions({
    queryKey: [...ruleKeys.who, desktop],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/desktops/${encodeURIComponent(desktop)}/who`), view.DesktopWho, undefined, signal),
    enabled: desktop !== '',
  });

export const refusalsQuery = queryOptions({
  queryKey: ruleKeys.refusals,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/refusals'), view.Refusals, undefined, signal),
  refetchInterval: 30_000,
});
