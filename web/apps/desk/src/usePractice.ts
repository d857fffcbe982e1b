import { Practice } from '@sekisho/wire/practice';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useCallback, useEffect, useState } from 'react';
import { useWorkplace } from './place';

export type PracticeRead = { practice: Practice | null; problem: Problem | null; load: () => void };

/** usePractice reads the scenarios of the practice work, and how far the operator is. */
export function usePractice(): PracticeRead {
  const workplace = useWorkplace();
  const [practice, setPractice] = useState<Practice | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    setProblem(null);
    workplace.desk.ask('GET', 'training/practice', Practice, undefined, stop.signal).then(setPractice, (thrown: unknown) => {
      if (stop.signal.aborted) return;
      const found = problemOf(thrown);
      // Where nothing is left to do in quarantine, the page goes on by itself (useTraining).
      if (found.code !== 'session.required') setProblem(found);
    });
    return () => stop.abort();
  }, [workplace, tries]);

  return { practice, problem, load: useCallback(() => setTries((n) => n + 1), []) };
}
