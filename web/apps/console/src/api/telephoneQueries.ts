import { z } from '@sekisho/wire/z';
import { queryOptions } from '@tanstack/react-query';
import { api, refreshed } from './client';

export const TrunkOut = z.object({ max_calls: z.number(), per_minute: z.number(), from: z.number(), to: z.number(), zone: z.string(), prefixes: z.array(z.string()) });
export const Trunk = z.object({
  id: z.string(),
  has_secret: z.boolean(),
  name: z.string(),
  kind: z.enum(['ip', 'registration']),
  host: z.string(),
  port: z.number(),
  transport: z.enum(['udp', 'tcp', 'tls']),
  security: z.enum(['none', 'sdes']),
  user: z.string(),
  allow: z.array(z.string()),
  max_calls: z.number(),
  out: TrunkOut,
  state: z.enum(['off', 'ready', 'registered', 'waiting', 'failed']),
  registered_until: z.string().nullable(),
  code: z.string(),
  in_use: z.number(),
  numbers: z.number(),
});
export type Trunk = z.infer<typeof Trunk>;
export const Trunks = z.object({ serving: z.boolean(), trunks: z.array(Trunk) });

export const TrunkChoice = z.object({ id: z.string(), name: z.string() });
export const WorkChoice = z.object({ id: z.string(), name: z.string(), client: z.string(), client_name: z.string() });
export type WorkChoice = z.infer<typeof WorkChoice>;
export const FlowChoice = z.object({ id: z.string(), name: z.string(), client: z.string() });
export const OwnNumber = z.object({ number: z.string(), trunk: z.string(), trunk_name: z.string(), work: z.string(), flow: z.string(), standing: z.boolean() });
export type OwnNumber = z.infer<typeof OwnNumber>;
export const Numbers = z.object({ numbers: z.array(OwnNumber), trunks: z.array(TrunkChoice), works: z.array(WorkChoice), flows: z.array(FlowChoice) });
export type Numbers = z.infer<typeof Numbers>;

export const SkillDegree = z.object({ name: z.string(), degree: z.number() });
export type SkillDegree = z.infer<typeof SkillDegree>;
export const QueueWidening = z.object({ after: z.number(), lower: z.number() });
export const strategies = ['longest_idle', 'fewest_calls', 'round_robin', 'ring_all', 'priority'] as const;
export const tiers = ['A', 'B', 'C'] as const;
export const QueueSettings = z.object({
  strategy: z.enum(strategies),
  skills: z.array(SkillDegree),
  widen: z.array(QueueWidening),
  home: z.boolean(),
  office: z.boolean(),
  home_little: z.boolean(),
  min_tier: z.enum(tiers),
  priority: z.number(),
  max_wait: z.number(),
  max_length: z.number(),
  overflow: z.string(),
  ring_for: z.number(),
  wrap_up: z.number(),
  codes: z.array(z.string()),
  code_needed: z.boolean(),
  target: z.number(),
  short_within: z.number(),
  tell_every: z.number(),
});
export type QueueSettings = z.infer<typeof QueueSettings>;
export const Queue = z.object({
  id: z.string(),
  name: z.string(),
  client: z.string(),
  client_name: z.string(),
  work: z.string(),
  work_name: z.string(),
  retired: z.boolean(),
  settings: QueueSettings,
  waiting: z.number(),
  talking: z.number(),
  ready: z.number(),
});
export type Queue = z.infer<typeof Queue>;
export const Queues = z.object({ queues: z.array(Queue), works: z.array(WorkChoice), standard: QueueSettings });
export type Queues = z.infer<typeof Queues>;

export const SkilledOne = z.object({ id: z.string(), name: z.string(), login: z.string(), skills: z.array(SkillDegree) });
export type SkilledOne = z.infer<typeof SkilledOne>;
export const Skills = z.object({ names: z.array(z.string()), people: z.array(SkilledOne) });
export type Skills = z.infer<typeof Skills>;

export const telephoneKeys = { trunks: ['trunks'], numbers: ['numbers'], queues: ['queues'], skills: ['skills'] } as const;

const every = 5_000; // ms: what stands now

export const trunksQuery = queryOptions({
  queryKey: telephoneKeys.trunks,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/trunks'), Trunks, undefined, signal),
  refetchInterval: every,
});
export const numbersQuery = queryOptions({
  queryKey: telephoneKeys.numbers,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/numbers'), Numbers, undefined, signal),
});
export const queuesQuery = queryOptions({
  queryKey: telephoneKeys.queues,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/queues'), Queues, undefined, signal),
  refetchInterval: every,
});
export const skillsQuery = queryOptions({
  queryKey: telephoneKeys.skills,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/skills'), Skills, undefined, signal),
});
