import { ProblemError } from '@sekisho/wire/problem';

/** asked says whether an act was put to a second person: the door answers so instead of doing it. */
export function asked(thrown: unknown): boolean {
  return thrown instanceof ProblemError && thrown.problem.code === 'act.asked';
}
