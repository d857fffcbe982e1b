import { Training } from '@sekisho/wire/training';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useCallback, useEffect, useState } from 'react';
import { useWorkplace } from './place';

export type TrainingRead = { training: Training | null; problem: Problem | null; load: () => void };

/** useTraining reads what is asked of the operator; onDone is told when in quarantine nothing is left to do. */
export function useTraining(onDone?: () => void): TrainingRead {
  const workplace = useWorkplace();
  const [training, setTraining] = useState<Training | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    setProblem(null);
    workplace.desk.ask('GET', 'training', Training, undefined, stop.signal).then(setTraining, (thrown: unknown) => {
      if (stop.signal.aborted) return;
      const found = problemOf(thrown);
      // Outside a session the door answers only whoever has something to do.
      if (onDone && found.code === 'session.required') onDone();
      else setProblem(found);
    });
    return () => stop.abort();
  }, [workplace, tries, onDone]);

  return { training, problem, load: useCallback(() => setTries((n) => n + 1), []) };
}
