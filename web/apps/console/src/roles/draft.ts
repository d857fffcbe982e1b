import { plain } from '@sekisho/ui/ime';
import type { Right } from '../api/roleQueries';

export type RoleDraft = { name: string; rights: string[] };
export type RoleFault = 'missing.name' | 'missing.right' | 'mixed';

/** faultsOf says what keeps a role from being sent. The door judges again. */
export function faultsOf(draft: RoleDraft, rights: readonly Right[]): RoleFault[] {
  const faults: RoleFault[] = [];
  if (plain(draft.name) === '') faults.push('missing.name');
  if (draft.rights.length === 0) faults.push('missing.right');
  if (holds(draft.rights, 'administrator', rights) && holds(draft.rights, 'officer', rights)) faults.push('mixed');
  return faults;
}

/** isHigh says whether these rights need a second administrator. */
export function isHigh(chosen: readonly string[], rights: readonly Right[]): boolean {
  return holds(chosen, 'administrator', rights) || holds(chosen, 'officer', rights);
}

function holds(chosen: readonly string[], side: Right['side'], rights: readonly Right[]): boolean {
  return rights.some((one) => one.side === side && chosen.includes(one.right));
}
