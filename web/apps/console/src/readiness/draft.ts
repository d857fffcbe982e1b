import type { RoomQuestion } from '../api/readinessQueries';

/** newQuestion is an empty question with a name that no other one has. */
export function newQuestion(others: readonly RoomQuestion[]): RoomQuestion {
  const taken = new Set(others.map((one) => one.id));
  let n = others.length + 1;
  while (taken.has(`own_${n}`)) n++;
  return { id: `own_${n}`, text: { ja: '', en: '' }, needed: true };
}
