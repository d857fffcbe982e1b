import { plain } from '@sekisho/ui/ime';
import type { Place, Role } from '@sekisho/wire/states';
import type { Person } from '../api/views';
import { loginFits } from '../session/login';

/** Draft is a person as the form holds him. */
export type Draft = { name: string; kana: string; login: string; roles: Role[]; face_usable: boolean; place: Place; agency: string; last_day: string; password_allowed: boolean };

export const emptyDraft: Draft = { name: '', kana: '', login: '', roles: ['operator'], face_usable: true, place: 'home', agency: '', last_day: '', password_allowed: false };

export function draftOf(person: Person): Draft {
  const { name, kana, login, roles, face_usable, place, agency, last_day } = person;
  return { name, kana, login, roles, face_usable, place: place === '' ? 'home' : place, agency, last_day, password_allowed: person.password !== 'none' };
}

/** usesConsole says whether there is anything for these roles in the console, and so for a password to open. */
export const usesConsole = (roles: readonly Role[]): boolean => roles.some((role) => role !== 'operator');

export type DraftFault = 'missing.name' | 'missing.login' | 'missing.role';

/** faultsOf lists what is still wrong, in the order of the form. */
export function faultsOf(draft: Draft): DraftFault[] {
  const faults: DraftFault[] = [];
  if (plain(draft.name) === '') faults.push('missing.name');
  if (!loginFits(plain(draft.login))) faults.push('missing.login');
  if (draft.roles.length === 0) faults.push('missing.role');
  return faults;
}

/** folded is the draft as it is sent: NFKC, without blanks at the ends. */
export function folded(draft: Draft): Draft {
  return { ...draft, name: plain(draft.name), kana: plain(draft.kana), login: plain(draft.login), agency: plain(draft.agency) };
}

/** created is a draft as a new person is sent: a password is allowed later, when there is somebody to allow it to. */
export function created({ password_allowed: _, ...draft }: Draft): Omit<Draft, 'password_allowed'> {
  return draft;
}
