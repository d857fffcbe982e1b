import { plain } from '@sekisho/ui/ime';
import type { ShiftDay } from '../api/shiftQueries';

export const week = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof week)[number];

/** ShiftDraft is a shift as it is typed: hours by weekday, and dates one a line. */
export type ShiftDraft = { days: { [day in Weekday]: string }; dates: string };

/** isWeekday tells a weekday from a date. */
export const isWeekday = (day: string): day is Weekday => week.some((one) => one === day);

/** draftOf writes a shift as it is typed. */
export function draftOf(days: readonly ShiftDay[]): ShiftDraft {
  const hours = (day: Weekday) => days.find((one) => one.day === day)?.hours ?? '';
  return {
    days: { mon: hours('mon'), tue: hours('tue'), wed: hours('wed'), thu: hours('thu'), fri: hours('fri'), sat: hours('sat'), sun: hours('sun') },
    dates: days
      .filter((one) => !isWeekday(one.day))
      .map((one) => `${one.day} ${one.hours}`.trim())
      .join('\n'),
  };
}

/** daysOf reads what was typed; null where a line does not begin with a date. The door judges the hours. */
export function daysOf(draft: ShiftDraft): ShiftDay[] | null {
  const days: ShiftDay[] = week.map((day) => ({ day, hours: plain(draft.days[day]) })).filter((one) => one.hours !== '');
  for (const line of draft.dates.split(/\r?\n/).map(plain)) {
    if (line === '') continue;
    const [, day, hours] = /^(\d{4}-\d{2}-\d{2})(?:\s+(.*))?$/.exec(line) ?? [];
    if (day === undefined) return null;
    days.push({ day, hours: hours ?? '' });
  }
  return days;
}
