import { queryOptions } from '@tanstack/react-query';
import { api, refreshed } from '../api/client';
import * as view from './views';

export const practiceKey = ['training', 'practice'] as const;

export const scenariosQuery = queryOptions({
  queryKey: practiceKey,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/training/practice'), view.Scenarios, undefined, signal),
});

export const scenarioQuery = (id: string) =>
  queryOptions({
    queryKey: [...practiceKey, id],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/training/practice/${encodeURIComponent(id)}`), view.WholeScenario, undefined, signal),
  });
