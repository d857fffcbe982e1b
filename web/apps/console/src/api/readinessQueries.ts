import { Words } from '@sekisho/wire/training';
import { z } from '@sekisho/wire/z';
import { queryOptions } from '@tanstack/react-query';
import { api, refreshed } from './client';

const instant = z.string().nullable();

/** measureIds are the measures in the order of the page, as the door names them. */
export const measureIds = [
  'tpm', 'disk', 'posture', 'face', 'guard', 'addresses', 'log', 'siem',
  'room', 'filter', 'lock', 'place', 'permit', 'accessories', 'due',
  'training', 'contract', 'administrators', 'supervisors', 'passwords', 'reviews',
  'documents', 'levels', 'access', 'shifts', 'roster', 'officers', 'undecided', 'evidence', 'disaster',
] as const;
export type MeasureId = (typeof measureIds)[number];

export const blocks = ['technical', 'physical', 'human', 'rules'] as const;
export type Block = (typeof blocks)[number];

// What is not known is never green.
export const Light = z.enum(['green', 'amber', 'red', 'unknown']).catch('unknown');
export type Light = z.infer<typeof Light>;

export const Named = z.object({ id: z.string(), name: z.string() });

export const Measure = z.object({
  id: z.enum(measureIds),
  block: z.enum(blocks),
  unit: z.enum(['person', 'pc', 'thing']),
  light: Light,
  trouble: z.enum(['', 'nothing', 'unreadable', 'untold']).catch('untold'),
  green: z.number(),
  amber: z.number(),
  red: z.number(),
  unknown: z.number(),
  at: z.string(),
  who: z.array(Named),
});
export type Measure = z.infer<typeof Measure>;

export const ReadinessClient = z.object({ id: z.string(), name: z.string() });
export const Readiness = z.object({ now: z.string(), client: z.string(), measures: z.array(Measure), clients: z.array(ReadinessClient) });
export type Readiness = z.infer<typeof Readiness>;

const row = {
  id: z.string(),
  person: z.string(),
  name: z.string(),
  at: z.string(),
  ready: z.boolean(),
  photo: z.boolean(),
  photo_until: instant,
  state: z.enum(['waiting', 'accepted', 'returned']).catch('returned'),
  decided: instant,
  decided_by: z.string(),
};
export const RoomCheckRow = z.object(row);
export type RoomCheckRow = z.infer<typeof RoomCheckRow>;

export const RoomAnswer = z.object({ text: Words, needed: z.boolean(), yes: z.boolean() });
export const RoomCheck = z.object({ ...row, answers: z.array(RoomAnswer), remark: z.string(), note: z.string() });
export type RoomCheck = z.infer<typeof RoomCheck>;

export const RoomChecks = z.object({ waiting: z.array(RoomCheckRow), decided: z.array(RoomCheckRow) });

export const PersonReadiness = z.object({
  now: z.string(),
  person: z.string(),
  name: z.string(),
  measures: z.array(Measure),
  room: z.enum(['none', 'waiting', 'accepted', 'late', 'over', 'returned']).catch('none'),
  until: instant,
  checks: z.array(RoomCheck),
});
export type PersonReadiness = z.infer<typeof PersonReadiness>;

export const RoomPhoto = z.object({ jpeg: z.string() });

export const RoomQuestion = z.object({ id: z.string(), text: Words, needed: z.boolean() });
export type RoomQuestion = z.infer<typeof RoomQuestion>;
export const RoomRules = z.object({
  version: z.number(),
  photo: z.enum(['none', 'optional', 'required']),
  valid_months: z.number(),
  late_days: z.number(),
  keep_days: z.number(),
  questions: z.array(RoomQuestion),
});
export type RoomRules = z.infer<typeof RoomRules>;

export const readinessKeys = { all: ['readiness'], checks: ['readiness', 'checks'], rules: ['readiness', 'rules'] } as const;

/** readinessQuery is the centre's, or one client company's. */
export const readinessQuery = (client: string) =>
  queryOptions({
    queryKey: [...readinessKeys.all, 'part', client],
    queryFn: ({ signal }) => api.ask('GET', refreshed(client === '' ? '/readiness' : `/readiness/clients/${encodeURIComponent(client)}`), Readiness, undefined, signal),
    refetchInterval: 60_000,
  });

export const personReadinessQuery = (id: string) =>
  queryOptions({
    queryKey: [...readinessKeys.all, 'person', id],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/readiness/people/${encodeURIComponent(id)}`), PersonReadiness, undefined, signal),
    refetchInterval: 60_000,
  });

export const roomChecksQuery = queryOptions({
  queryKey: readinessKeys.checks,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/readiness/checks'), RoomChecks, undefined, signal),
  refetchInterval: 60_000,
});

export const roomRulesQuery = queryOptions({
  queryKey: readinessKeys.rules,
  queryFn: ({ signal }) => api.ask('GET', '/readiness/rules', RoomRules, undefined, signal),
});
