import { Approval, type ApprovalKind, type ApprovalRequest } from '@sekisho/wire/desk';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useCallback, useEffect, useState } from 'react';
import { useWorkplace } from './place';

const pollMS = 2000;

export type ApprovalWait = {
  approval: Approval | null;
  problem: Problem | null;
  asking: boolean;
  /** ask puts the question and resolves with it, or null if it could not be put. */
  ask(note: string): Promise<Approval | null>;
  /** forget gives the question up on this side; the server lets it expire. */
  forget(): void;
};

/** useApproval puts one question to the supervisors and follows it until it is decided. */
export function useApproval(kind: ApprovalKind): ApprovalWait {
  const workplace = useWorkplace();
  const [approval, setApproval] = useState<Approval | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asking, setAsking] = useState(false);

  const ask = useCallback(
    async (note: string) => {
      setAsking(true);
      setProblem(null);
      try {
        const put = await workplace.desk.ask('POST', 'approvals', Approval, { kind, note } satisfies ApprovalRequest);
        setApproval(put);
        return put;
      } catch (thrown) {
        setProblem(problemOf(thrown));
        return null;
      } finally {
        setAsking(false);
      }
    },
    [workplace, kind],
  );

  const waiting = approval?.state === 'waiting' ? approval.id : null;
  useEffect(() => {
    if (waiting === null) return;
    const stop = new AbortController();
    const timer = setInterval(() => {
      workplace.desk.ask('GET', `approvals/${waiting}`, Approval, undefined, stop.signal).then(
        (now) => {
          setApproval(now);
          setProblem(null);
        },
        (thrown: unknown) => {
          if (!stop.signal.aborted) setProblem(problemOf(thrown));
        },
      );
    }, pollMS);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [workplace, waiting]);

  const forget = useCallback(() => {
    setApproval(null);
    setProblem(null);
  }, []);

  return { approval, problem, asking, ask, forget };
}
