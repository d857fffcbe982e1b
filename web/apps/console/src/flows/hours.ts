import type { FlowDay, FlowSpan } from '../api/flowQueries';

/** weekdays in the order of a form. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const clock = (minute: number) => `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;

/** spansText writes hours as people do: "9:00-12:00, 13:00-18:00". */
export const spansText = (spans: FlowSpan[]) => spans.map((one) => `${clock(one.from)}-${clock(one.to)}`).join(', ');

const form = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/;

/** readSpans reads them again; undefined where they are not of that form. */
export function readSpans(text: string): FlowSpan[] | undefined {
  const out: FlowSpan[] = [];
  const tidy = text.normalize('NFKC').replace(/[〜~–—−ー]/g, '-').replace(/\s*-\s*/g, '-').trim();
  for (const word of tidy.split(/[,、\s]+/).filter((one) => one !== '')) {
    const read = form.exec(word);
    if (read === null) return undefined;
    const [fromHour, fromMinute, toHour, toMinute] = read.slice(1).map(Number) as [number, number, number, number];
    const span = { from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute };
    if (fromMinute > 59 || toMinute > 59 || span.from > 1439 || span.to < 1 || span.to > 1440 || span.from === span.to) return undefined;
    out.push(span);
  }
  return out.length > 6 ? undefined : out;
}

/** readDates reads dates with their own hours, one a line. */
export function readDates(text: string): FlowDay[] | undefined {
  const out: FlowDay[] = [];
  for (const line of linesOf(text)) {
    const [day = '', ...rest] = line.split(/\s+/);
    const spans = readSpans(rest.join(' '));
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || spans === undefined) return undefined;
    out.push({ day, spans });
  }
  return out;
}

export const linesOf = (text: string) => text.normalize('NFKC').split('\n').map((one) => one.trim()).filter((one) => one !== '');
