import { problemOf, type Problem } from '@sekisho/wire/problem';
import { Witnessing, type WitnessConsent } from '@sekisho/wire/witness';
import { useCallback, useEffect, useState } from 'react';
import { useWorkplace } from './place';

const pollMS = 1000;

export type WitnessingWait = {
  witnessing: Witnessing | null;
  problem: Problem | null;
  answering: boolean;
  /** agree answers the witness of the run that is shown, and resolves with how the case then stands. */
  agree(accept: boolean): Promise<Witnessing | null>;
};

/** useWitnessing follows whether a supervisor has come to watch the enrolment of a question by video. */
export function useWitnessing(approval: string | null): WitnessingWait {
  const workplace = useWorkplace();
  const [witnessing, setWitnessing] = useState<Witnessing | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [answering, setAnswering] = useState(false);

  useEffect(() => {
    setWitnessing(null);
    if (approval === null) return;
    const stop = new AbortController();
    const look = () =>
      void workplace.desk.ask('GET', `witness/${approval}`, Witnessing, undefined, stop.signal).then(setWitnessing, (thrown: unknown) => {
        if (!stop.signal.aborted) setProblem(problemOf(thrown));
      });
    look();
    const timer = setInterval(look, pollMS);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [workplace, approval]);

  const run = witnessing?.run ?? '';
  const agree = useCallback(
    async (accept: boolean) => {
      setAnswering(true);
      setProblem(null);
      try {
        const now = await workplace.desk.ask('POST', `witness/${approval}/consent`, Witnessing, { run, accept } satisfies WitnessConsent);
        setWitnessing(now);
        return now;
      } catch (thrown) {
        setProblem(problemOf(thrown));
        return null;
      } finally {
        setAnswering(false);
      }
    },
    [workplace, approval, run],
  );

  return { witnessing, problem, answering, agree };
}
