import { z } from '@sekisho/wire/z';
import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { kept, listPath, Page, type Asked } from './paging';

export const ShiftRules = z.object({ version: z.number(), home: z.boolean(), office: z.boolean(), before: z.number(), after: z.number(), zone: z.string() });
export type ShiftRules = z.infer<typeof ShiftRules>;

export const ShiftDay = z.object({ day: z.string(), hours: z.string() });
export type ShiftDay = z.infer<typeof ShiftDay>;

export const ShiftPerson = z.object({ id: z.string(), name: z.string(), kana: z.string(), days: z.array(ShiftDay), now: z.string().nullable() });
export type ShiftPerson = z.infer<typeof ShiftPerson>;

export const Shifts = z.object({ rules: ShiftRules, page: Page, people: z.array(ShiftPerson) });
export type Shifts = z.infer<typeof Shifts>;

export const Extended = z.object({ until: z.string() });

export const ShiftListFault = z.object({ field: z.string(), code: z.string(), title: z.string(), action: z.string(), line: z.number() });
export const ShiftListRow = z.object({
  line: z.number(),
  login: z.string(),
  day: z.string(),
  before: z.string(),
  after: z.string(),
  fate: z.enum(['changed', 'unchanged', 'refused']).catch('refused'),
  faults: z.array(ShiftListFault),
});
export type ShiftListRow = z.infer<typeof ShiftListRow>;
export const ShiftList = z.object({ encoding: z.string(), seen: z.string(), changed: z.number(), unchanged: z.number(), refused: z.number(), rows: z.array(ShiftListRow) });
export type ShiftList = z.infer<typeof ShiftList>;

export const shiftKeys = { shifts: ['shifts'] } as const;

export const shiftsQuery = (asked: Asked) =>
  queryOptions({
    queryKey: [...shiftKeys.shifts, asked],
    queryFn: ({ signal }) => api.ask('GET', listPath('/shifts', asked), Shifts, undefined, signal),
    refetchInterval: 60_000,
    ...kept,
  });
