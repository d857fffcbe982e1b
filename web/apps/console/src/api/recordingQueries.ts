import { z } from '@sekisho/wire/z';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { Choice } from './callQueries';
import { api, refreshed } from './client';

const instant = z.string().nullable();

export const RecordingMark = z.object({ kind: z.enum(['pause', 'mask', 'gap']), start: z.number(), end: z.number(), reason: z.string() });
export type RecordingMark = z.infer<typeof RecordingMark>;
export const Spoke = z.object({ name: z.string(), from: z.number() });

export const Recording = z.object({
  id: z.string(),
  call: z.string(),
  client_name: z.string(),
  work_name: z.string(),
  queue_name: z.string(),
  direction: z.enum(['in', 'out', 'message']),
  number: z.string(),
  started: instant,
  state: z.enum(['open', 'whole', 'cut', 'damaged']),
  seconds: z.number(),
  caller: z.number(),
  centre: z.number(),
  hash: z.string(),
  held: z.string(),
  erased: instant,
  marks: z.array(RecordingMark),
  operators: z.array(Spoke),
});
export type Recording = z.infer<typeof Recording>;
export const Recordings = z.object({ recordings: z.array(Recording), before: z.string() });
export const Listener = z.object({ at: z.string(), name: z.string() });
export const RecordingDetail = Recording.extend({ days: z.number(), listeners: z.array(Listener) });
export type RecordingDetail = z.infer<typeof RecordingDetail>;
export const Listening = z.object({ listening: z.string(), seconds: z.number(), caller: z.array(z.number()), centre: z.array(z.number()) });
export type Listening = z.infer<typeof Listening>;
export const OperatorChoice = z.object({ id: z.string(), name: z.string() });
export const RecordingChoice = Choice.extend({ operators: z.array(OperatorChoice) });
export const RecordingChoices = z.object({ clients: z.array(RecordingChoice) });
export type RecordingChoices = z.infer<typeof RecordingChoices>;
export const Retention = z.object({ client: z.string(), name: z.string(), days: z.number() });
export type Retention = z.infer<typeof Retention>;
export const Retentions = z.object({ standard: z.number(), clients: z.array(Retention) });

export const recordingKeys = { choices: ['recordings', 'choices'], list: ['recordings', 'list'], one: ['recordings', 'one'], retention: ['recordings', 'retention'] } as const;

export const choicesQuery = queryOptions({
  queryKey: recordingKeys.choices,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/recordings/choices'), RecordingChoices, undefined, signal),
});

/** RecordingSearch goes as a body: a telephone number must not stand in an address. */
export type RecordingSearch = { client: string; work: string; operator: string; number: string; from: string; to: string };

export const recordingsQuery = (asked: RecordingSearch) =>
  infiniteQueryOptions({
    queryKey: [...recordingKeys.list, asked],
    queryFn: ({ signal, pageParam }) => api.ask('POST', refreshed('/recordings/search'), Recordings, { ...asked, before: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => (page.before === '' ? undefined : page.before),
    enabled: asked.client !== '',
  });

export const recordingQuery = (id: string) =>
  queryOptions({
    queryKey: [...recordingKeys.one, id],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/recordings/${encodeURIComponent(id)}`), RecordingDetail, undefined, signal),
  });

export const retentionQuery = queryOptions({
  queryKey: recordingKeys.retention,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/recordings/retention'), Retentions, undefined, signal),
});
