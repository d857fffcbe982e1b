import { RoomCheck } from '@sekisho/wire/room';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useCallback, useEffect, useState } from 'react';
import { useWorkplace } from './place';

export type RoomRead = { room: RoomCheck | null; problem: Problem | null; load: () => void };

/** useRoom reads what is asked of the operator about his room. */
export function useRoom(): RoomRead {
  const workplace = useWorkplace();
  const [room, setRoom] = useState<RoomCheck | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setProblem(null);
    workplace.desk.ask('GET', 'room', RoomCheck, undefined, stop.signal).then(setRoom, (thrown: unknown) => {
      if (!stop.signal.aborted) setProblem(problemOf(thrown));
    });
    return () => stop.abort();
  }, [workplace, tries]);
  return { room, problem, load: useCallback(() => setTries((n) => n + 1), []) };
}
