import { currentLanguage } from '@sekisho/ui/language';
import { Problem, ProblemError, ownProblem } from '@sekisho/wire/problem';
import { z } from '@sekisho/wire/z';
import { queryOptions } from '@tanstack/react-query';
import { api, base, refreshed } from './client';
import { homeBearer } from './home';

export const FlowRow = z.object({ id: z.string(), name: z.string(), edit: z.number(), published: z.number(), changed: z.string(), ended: z.string().nullable() });
export type FlowRow = z.infer<typeof FlowRow>;
export const FlowClient = z.object({ id: z.string(), name: z.string(), flows: z.array(FlowRow) });
export type FlowClient = z.infer<typeof FlowClient>;
export const Flows = z.object({ clients: z.array(FlowClient) });

export const Fault = z.object({ node: z.string(), field: z.string(), code: z.string(), title: z.string(), action: z.string() });
export type Fault = z.infer<typeof Fault>;
export const FlowChoice = z.object({ id: z.string(), name: z.string() });
export const Prompt = z.object({ id: z.string(), name: z.string(), ja_ms: z.number(), en_ms: z.number() });
export type Prompt = z.infer<typeof Prompt>;
export const FlowSpan = z.object({ from: z.number(), to: z.number() });
export type FlowSpan = z.infer<typeof FlowSpan>;
export const FlowDay = z.object({ day: z.string(), spans: z.array(FlowSpan) });
export type FlowDay = z.infer<typeof FlowDay>;
export const FlowCalendar = z.object({ id: z.string(), edit: z.number(), name: z.string(), zone: z.string(), week: z.array(FlowDay), holidays: z.array(z.string()), extra: z.array(FlowDay) });
export type FlowCalendar = z.infer<typeof FlowCalendar>;
export const Lookup = z.object({ id: z.string(), edit: z.number(), name: z.string(), host: z.string(), stopped: z.boolean() });
export type Lookup = z.infer<typeof Lookup>;
export const LookupSaved = z.object({ lookup: Lookup, key: z.string() });
export const FlowParts = z.object({ prompts: z.array(Prompt), queues: z.array(FlowChoice), calendars: z.array(FlowCalendar), lookups: z.array(Lookup) });
export type FlowParts = z.infer<typeof FlowParts>;

export const FlowFile = FlowRow.extend({ client: z.string(), client_name: z.string(), draft: z.unknown(), faults: z.array(Fault), parts: FlowParts });
export type FlowFile = z.infer<typeof FlowFile>;
export const FlowSaved = z.object({ edit: z.number(), faults: z.array(Fault) });
export const FlowPublished = z.object({ version: z.number(), faults: z.array(Fault) });
export type FlowPublished = z.infer<typeof FlowPublished>;
export const FlowVersion = z.object({ number: z.number(), origin: z.number(), author: z.string(), at: z.string() });
export type FlowVersion = z.infer<typeof FlowVersion>;
export const FlowHistory = z.object({ versions: z.array(FlowVersion) });
export const FlowDid = z.object({
  node: z.string(),
  step: z.enum(['say', 'ask', 'lookup', 'queue', 'dial', 'record', 'level', 'answer', 'callback', 'fault', 'hangup']),
  prompt: z.string(),
  queue: z.string(),
  level: z.string(),
  why: z.string(),
});
export const FlowTrial = z.object({ path: z.array(z.string()), did: z.array(FlowDid), cause: z.string() });
export type FlowTrial = z.infer<typeof FlowTrial>;

export const flowKeys = {
  all: ['flows'],
  one: (id: string) => ['flows', id],
  versions: (id: string) => ['flows', id, 'versions'],
  parts: (client: string) => ['flow-parts', client],
} as const;

export const flowsQuery = queryOptions({ queryKey: flowKeys.all, queryFn: ({ signal }) => api.ask('GET', refreshed('/flows'), Flows, undefined, signal) });

/** flowQuery is asked once for each opening: what is being drawn is never replaced behind somebody's back. */
export const flowQuery = (id: string) =>
  queryOptions({ queryKey: flowKeys.one(id), queryFn: ({ signal }) => api.ask('GET', `/flows/${id}`, FlowFile, undefined, signal), refetchOnWindowFocus: false, staleTime: Infinity, gcTime: 0 });

export const versionsQuery = (id: string) =>
  queryOptions({ queryKey: flowKeys.versions(id), queryFn: ({ signal }) => api.ask('GET', refreshed(`/flows/${id}/versions`), FlowHistory, undefined, signal) });

export const partsQuery = (client: string) =>
  queryOptions({ queryKey: flowKeys.parts(client), queryFn: ({ signal }) => api.ask('GET', refreshed(`/flow-parts/${client}`), FlowParts, undefined, signal) });

/** sound asks for, or sends, the bytes of an announcement. */
export async function sound(path: string, file?: Blob): Promise<ArrayBuffer> {
  const bearer = homeBearer();
  const headers: { [name: string]: string } = { 'Accept-Language': currentLanguage() };
  if (bearer !== '') headers['Authorization'] = `Bearer ${bearer}`;
  if (file) headers['Content-Type'] = 'audio/wav';
  let response: Response;
  try {
    response = await fetch(base + path, { method: file ? 'PUT' : 'GET', headers, cache: 'no-store', redirect: 'error', ...(file ? { body: file } : {}) });
  } catch {
    throw new ProblemError(ownProblem('page.unreachable'));
  }
  if (!response.ok) {
    const parsed = Problem.safeParse(await response.json().catch(() => undefined));
    throw new ProblemError(parsed.success ? parsed.data : ownProblem('page.unreadable'));
  }
  return response.arrayBuffer();
}
