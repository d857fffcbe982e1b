import { QueryCache, QueryClient, MutationCache, queryOptions, type QueryKey } from '@tanstack/react-query';
import { ProblemError } from '@sekisho/wire/problem';
import { api, query, refreshed } from './client';
import { kept, listPath, type Asked } from './paging';
import * as view from './views';

const signedOut: view.Session = { state: 'signed_out', demo: false, expires: null, provider: '' };

/** createQueries makes the page's one store of answers. A 401 anywhere signs the page out. */
export function createQueries(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ProblemError && error.problem.status === 401) leave(client);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { retry: false, staleTime: 5_000, refetchOnWindowFocus: true, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}

/** leave forgets everything that was answered to the person who was here. */
export function leave(client: QueryClient): void {
  const before = client.getQueryData<view.Session>(keys.session);
  // The session's own entry stays, since the page watches it; everything else goes.
  client.setQueryData<view.Session>(keys.session, { ...signedOut, demo: before?.demo ?? false, provider: before?.provider ?? '' });
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] });
  client.getMutationCache().clear();
}

export const keys = {
  session: ['session'],
  demoPeople: ['demo', 'people'],
  floor: ['floor'],
  devices: ['devices'],
  attestation: ['attestation'],
  people: ['people'],
  approvals: ['approvals'],
  acts: ['acts'],
  disaster: ['disaster'],
  deputies: ['deputies'],
  locked: ['passwords', 'locked'],
  desktops: ['desktops'],
  incidents: ['incidents'],
  audit: ['audit'],
  checkpoint: ['audit', 'checkpoint'],
  subjects: ['audit', 'subjects'],
  policies: ['policies'],
  posture: ['posture'],
  newest: ['audit', 'newest'],
  searches: ['audit', 'searches'],
  siem: ['audit', 'siem'],
  reports: ['reports'],
  readiness: ['readiness'],
  identities: ['identities'],
} as const satisfies { [name: string]: QueryKey };

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/session'), view.Session, undefined, signal),
  staleTime: Infinity,
});

export const demoPeopleQuery = queryOptions({
  queryKey: keys.demoPeople,
  queryFn: ({ signal }) => api.ask('GET', '/demo/people', view.DemoPeople, undefined, signal),
});

export const floorQuery = (asked: Asked) =>
  queryOptions({
    queryKey: [...keys.floor, asked],
    queryFn: async ({ signal }) => {
      const floor = await api.ask('GET', listPath('/floor', asked), view.Floor, undefined, signal);
      return { ...floor, skew: Date.parse(floor.now) - Date.now() };
    },
    refetchInterval: 15_000, // the socket tells sooner; this is for the one that it missed
    ...kept,
  });

/** seatQuery follows one seat, wherever in the list it stands. */
export const seatQuery = (device: string) =>
  queryOptions({
    queryKey: [...keys.floor, 'seat', device],
    queryFn: ({ signal }) => api.ask('GET', listPath('/floor', { device, limit: 1 }), view.Floor, undefined, signal),
    refetchInterval: 15_000,
  });

export const devicesQuery = (asked: Asked) =>
  queryOptions({
    queryKey: [...keys.devices, 'list', asked],
    queryFn: ({ signal }) => api.ask('GET', listPath('/devices', asked), view.Devices, undefined, signal),
    ...kept,
  });

export const deviceQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.devices, id],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/devices/${encodeURIComponent(id)}`), view.Device, undefined, signal),
  });

export const attestationQuery = queryOptions({
  queryKey: keys.attestation,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/attestation'), view.Attestation, undefined, signal),
});

export const peopleQuery = (asked: Asked) =>
  queryOptions({
    queryKey: [...keys.people, 'list', asked],
    queryFn: ({ signal }) => api.ask('GET', listPath('/people', asked), view.People, undefined, signal),
    ...kept,
  });

/** personByID asks for one person. */
export const personByID = (id: string) =>
  queryOptions({
    queryKey: [...keys.people, 'one', id],
    queryFn: ({ signal }) => api.ask('GET', listPath('/people', { id, limit: 1 }), view.People, undefined, signal),
  });

export const approvalsQuery = queryOptions({
  queryKey: keys.approvals,
  queryFn: async ({ signal }) => {
    const answer = await api.ask('GET', refreshed('/approvals'), view.Approvals, undefined, signal);
    return { ...answer, skew: Date.parse(answer.now) - Date.now() };
  },
  refetchInterval: 15_000,
});

export const lockedQuery = queryOptions({
  queryKey: keys.locked,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/passwords/locked'), view.LockedPasswords, undefined, signal),
  refetchInterval: 30_000,
});

/** askedQuery follows a question of one's own until it is decided. */
export const askedQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.approvals, id],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/approvals/${encodeURIComponent(id)}`), view.Asked, undefined, signal),
    refetchInterval: 5_000,
  });

export const desktopsQuery = queryOptions({
  queryKey: keys.desktops,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/desktops'), view.Desktops, undefined, signal),
});

export const incidentsQuery = queryOptions({
  queryKey: keys.incidents,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/incidents'), view.Incidents, undefined, signal),
  refetchInterval: 30_000,
});

export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.incidents, id],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/incidents/${encodeURIComponent(id)}`), view.IncidentDetail, undefined, signal),
  });

export const policiesQuery = queryOptions({
  queryKey: keys.policies,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/policies'), view.Policies, undefined, signal),
});

export const postureRulesQuery = queryOptions({
  queryKey: keys.posture,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/posture/rules'), view.PosturePolicies, undefined, signal),
});

export const devicePostureQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.devices, id, 'posture'],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/devices/${encodeURIComponent(id)}/posture`), view.DevicePosture, undefined, signal),
    refetchInterval: 60_000, // a report that changes nothing tells nobody
  });

export const subjectsQuery = queryOptions({
  queryKey: keys.subjects,
  queryFn: ({ signal }) => api.ask('GET', '/audit/subjects', view.Subjects, undefined, signal),
  staleTime: 60_000,
});

export const checkpointQuery = queryOptions({
  queryKey: keys.checkpoint,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/audit/checkpoint'), view.Checkpoint, undefined, signal),
});

export const identitiesQuery = queryOptions({
  queryKey: keys.identities,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/identities'), view.Identities, undefined, signal),
});

export const searchesQuery = queryOptions({
  queryKey: keys.searches,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/audit/searches'), view.SavedSearches, undefined, signal),
});

export const siemQuery = queryOptions({
  queryKey: keys.siem,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/audit/siem'), view.Siem, undefined, signal),
  refetchInterval: 15_000,
});

export const reportsQuery = queryOptions({
  queryKey: keys.reports,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/reports'), view.Reports, undefined, signal),
});

/** AuditFilter is what the log is searched for; '' means any. kind may be several, with commas. */
export type AuditFilter = { text: string; person: string; device: string; session: string; customer: string; call: string; object: string; kind: string; from: string; to: string };

export const noFilter: AuditFilter = { text: '', person: '', device: '', session: '', customer: '', call: '', object: '', kind: '', from: '', to: '' };

/** rowsPath is where the rows of a search are taken away as a file. */
export const rowsPath = (filter: AuditFilter, format: 'csv' | 'json') => query('/audit/rows', { ...filter, format });

export const auditPageSize = 50;

/** auditPage asks for one page of the log, newest first, before a row's number. */
export function auditPage(filter: AuditFilter, before: number, signal?: AbortSignal) {
  return api.ask('GET', refreshed(auditPath(filter, auditPageSize, before)), view.AuditPage, undefined, signal);
}

/** newestRowQuery follows the number of the newest row that a filter finds; -1 where there is none. */
export const newestRowQuery = (filter: AuditFilter) =>
  queryOptions({
    queryKey: [...keys.newest, filter],
    queryFn: async ({ signal }) => {
      const page = await api.ask('GET', refreshed(auditPath(filter, 1)), view.AuditPage, undefined, signal);
      return page.rows[0]?.seq ?? -1;
    },
    enabled: filter.text === '', // words are looked for in the whole log: asked once, not every ten seconds
    refetchInterval: 10_000,
  });

function auditPath(filter: AuditFilter, limit: number, before = 0): string {
  const { from, to, ...rest } = filter;
  return query('/audit', { ...rest, from: startOfDay(from), to: endOfDay(to), before: before || undefined, limit });
}

// A day is a day in Japan, as every time on these screens.
const startOfDay = (day: string) => (day === '' ? '' : `${day}T00:00:00+09:00`);
const endOfDay = (day: string) => (day === '' ? '' : `${day}T23:59:59.999999+09:00`);
