/** localTime writes a moment as a datetime-local field has it, in this browser's zone, to the minute. */
export function localTime(moment: number): string {
  const at = new Date(moment);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** momentOf reads such a field as RFC 3339 in UTC, or null where it is none. */
export function momentOf(text: string): string | null {
  const at = new Date(text);
  return text === '' || Number.isNaN(at.getTime()) ? null : at.toISOString();
}
