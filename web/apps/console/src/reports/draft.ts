/** Draft is a report as it is being asked for. */
export type Draft = { addressee: string; from: string; to: string; language: 'ja' | 'en'; format: 'html' | 'pdf' };

export type DraftFault = 'missing.to' | 'missing.from' | 'missing.until' | 'backwards';

/** emptyDraft asks for the month so far. */
export function emptyDraft(today: string): Draft {
  return { addressee: '', from: `${today.slice(0, 8)}01`, to: today, language: 'ja', format: 'pdf' };
}

/** faultsOf says what is missing before anything is sent. */
export function faultsOf(draft: Draft): DraftFault[] {
  const faults: DraftFault[] = [];
  if (draft.addressee.trim() === '') faults.push('missing.to');
  if (draft.from === '') faults.push('missing.from');
  if (draft.to === '') faults.push('missing.until');
  if (draft.from !== '' && draft.to !== '' && draft.to < draft.from) faults.push('backwards');
  return faults;
}

/** todayInJapan is the day there, as a date field writes it. */
export function todayInJapan(now: Date): string {
  return new Date(now.getTime() + 9 * 3600_000).toISOString().slice(0, 10);
}
