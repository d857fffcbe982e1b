export type Draft = { work: string; person: string; from: string; until: string; subcontracted: boolean };

export type DraftFault = 'missing.work' | 'missing.person' | 'missing.from' | 'missing.until';

// A day as <input type="date"> gives it; days order as texts do.
const day = /^\d{4}-\d{2}-\d{2}$/;

/** faultsOf lists what is still wrong, in the order of the form. */
export function faultsOf(draft: Draft): DraftFault[] {
  const faults: DraftFault[] = [];
  if (draft.work === '') faults.push('missing.work');
  if (draft.person === '') faults.push('missing.person');
  if (!day.test(draft.from)) faults.push('missing.from');
  if (draft.until !== '' && (!day.test(draft.until) || draft.until < draft.from)) faults.push('missing.until');
  return faults;
}

/** today is the day in Japan at a moment. */
export function today(now: Date): string {
  return new Date(now.getTime() + 9 * 3600_000).toISOString().slice(0, 10);
}
