import type { Problem } from '@sekisho/wire/problem';
import { WrongPassword } from './opaque';

/** passwordProblem gives a password that did not open the form that every refusal has. */
export function passwordProblem(thrown: unknown, say: (key: 'password.wrong' | 'password.wrong.do') => string): Problem | null {
  if (!(thrown instanceof WrongPassword)) return null;
  return { type: 'tag:sekisho,2026:password.wrong', status: 0, code: 'password.wrong', title: say('password.wrong'), action: say('password.wrong.do') };
}
