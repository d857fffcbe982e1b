import { z } from './z';

/**
 * Problem mirrors wire.Problem (RFC 9457): title says what is wrong and action
 * what to do, both already in the language of the person who asked.
 */
export const Problem = z.object({
  type: z.string().catch(''),
  status: z.number().catch(0),
  code: z.string(),
  title: z.string(),
  action: z.string().catch(''),
});
export type Problem = z.infer<typeof Problem>;

/** ProblemError carries a Problem through code that throws. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/**
 * Codes that the page itself gives when no server has spoken. Their texts are
 * in the ui package; title and action stay empty here.
 */
export type OwnCode = 'page.unreachable' | 'page.unreadable' | 'page.failed';

/** ownProblem names a failure that only the page knows of. */
export function ownProblem(code: OwnCode): Problem {
  return { type: `tag:sekisho,2026:${code}`, status: 0, code, title: '', action: '' };
}

/** problemOf turns whatever was thrown into a Problem that a person may see. */
export function problemOf(thrown: unknown): Problem {
  return thrown instanceof ProblemError ? thrown.problem : ownProblem('page.failed');
}
