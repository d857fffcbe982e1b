import { z } from '@sekisho/wire/z';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, query, refreshed } from './client';

const instant = z.string().nullable();
const rate = z.number().nullable();

export const Figures = z.object({
  queued: z.number(),
  answered: z.number(),
  in_target: z.number(),
  abandoned: z.number(),
  short: z.number(),
  callbacks: z.number(),
  overflowed: z.number(),
  left_behind: z.number(),
  turned_away: z.number(),
  missed: z.number(),
  handled: z.number(),
  longest: z.number(),
  service_level: rate,
  abandon_rate: rate,
  aht: rate,
  asa: rate,
});
export type Figures = z.infer<typeof Figures>;

export const QueueNow = z.object({
  id: z.string(),
  name: z.string(),
  client_name: z.string(),
  work_name: z.string(),
  waiting: z.number(),
  callbacks: z.number(),
  longest: z.number(),
  talking: z.number(),
  ready: z.number(),
  today: Figures,
});
export type QueueNow = z.infer<typeof QueueNow>;

export const agentStates = ['out', 'ready', 'reserved', 'ringing', 'talking', 'hold', 'wrap_up', 'break', 'away', 'no_answer', 'locked'] as const;

export const Agent = z.object({
  person: z.string(),
  name: z.string(),
  state: z.enum(agentStates).catch('out'),
  since: instant,
  next: z.string(),
  place: z.string(),
  taken: z.number(),
  hand: instant,
  call: z.string(),
});
export type Agent = z.infer<typeof Agent>;

export const Call = z.object({
  id: z.string(),
  direction: z.enum(['in', 'out']),
  number: z.string(),
  stage: z.string(),
  since: instant,
  begun: instant,
  queue_name: z.string(),
  work_name: z.string(),
  level: z.string(),
  operator: z.string(),
  masked: z.boolean(),
  recording: z.enum(['on', 'paused', 'off']),
  watching: z.boolean(),
  watchers: z.array(z.string()),
});
export type Call = z.infer<typeof Call>;

export const CallBoard = z.object({
  now: z.string(),
  behind: z.number(),
  acts: z.boolean(),
  line: z.boolean(),
  queues: z.array(QueueNow),
  agents: z.array(Agent),
  calls: z.array(Call),
});
export type CallBoard = z.infer<typeof CallBoard>;

export const WorkChoice = z.object({ id: z.string(), name: z.string() });
export const Choice = z.object({ id: z.string(), name: z.string(), works: z.array(WorkChoice) });
export const Span = z.object({ from: z.string(), client: z.string(), work: z.string(), queue: z.string(), figures: Figures });
export type Span = z.infer<typeof Span>;
export const CallReport = z.object({ found: z.number(), rows: z.array(Span), choices: z.array(Choice) });

export const Pause = z.object({ from: z.string(), to: instant });
export const Attendance = z.object({ person: z.string(), name: z.string(), login: z.string(), day: z.string(), start: z.string(), end: instant, breaks: z.array(Pause) });
export type Attendance = z.infer<typeof Attendance>;
export const Attendances = z.object({ found: z.number(), rows: z.array(Attendance) });

export const callKeys = { board: ['calls', 'board'], report: ['calls', 'report'], attendance: ['calls', 'attendance'] } as const;

export const boardQuery = queryOptions({
  queryKey: callKeys.board,
  queryFn: async ({ signal }) => {
    const board = await api.ask('GET', refreshed('/calls/board'), CallBoard, undefined, signal);
    return { ...board, skew: Date.parse(board.now) - Date.now() };
  },
  refetchInterval: 2_000, // waiting times go on without an event
});

/** ReportAsked is what a report is asked for; days are days in Japan. */
export type ReportAsked = { from: string; to: string; span: number; by: 'queue' | 'work' | 'client'; client: string; work: string };

export const reportPath = (file: string, asked: ReportAsked) => query(`/calls/report${file}`, asked);
export const attendancePath = (file: string, asked: { from: string; to: string }) => query(`/calls/attendance${file}`, asked);

export const reportQuery = (asked: ReportAsked) =>
  queryOptions({
    queryKey: [...callKeys.report, asked],
    queryFn: ({ signal }) => api.ask('GET', refreshed(reportPath('', asked)), CallReport, undefined, signal),
    placeholderData: keepPreviousData,
  });

export const attendanceQuery = (asked: { from: string; to: string }) =>
  queryOptions({
    queryKey: [...callKeys.attendance, asked],
    queryFn: ({ signal }) => api.ask('GET', refreshed(attendancePath('', asked)), Attendances, undefined, signal),
    placeholderData: keepPreviousData,
  });
