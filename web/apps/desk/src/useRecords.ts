import { Records, type Record } from '@sekisho/wire/desk';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useWorkplace } from './place';

/** What is read of 自分の記録 so far; rows is null before the first page. */
export type RecordsRead = { rows: Record[] | null; more: boolean; loading: boolean; problem: Problem | null; load: () => void };

/** useRecords reads 自分の記録 page by page; load reads the next one, or tries again. */
export function useRecords(): RecordsRead {
  const workplace = useWorkplace();
  const [rows, setRows] = useState<Record[] | null>(null);
  const [before, setBefore] = useState(0);
  const [loading, setLoading] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const stop = useRef<AbortController | null>(null);

  const read = useCallback(
    (from: number) => {
      stop.current?.abort();
      const mine = new AbortController();
      stop.current = mine;
      setLoading(true);
      setProblem(null);
      workplace.desk
        .ask('GET', from === 0 ? 'records' : `records?before=${from}`, Records, undefined, mine.signal)
        .then(
          (page) => {
            setRows((old) => (from === 0 ? page.records : [...(old ?? []), ...page.records]));
            setBefore(page.before);
          },
          (thrown: unknown) => {
            if (!mine.signal.aborted) setProblem(problemOf(thrown));
          },
        )
        .finally(() => {
          if (!mine.signal.aborted) setLoading(false);
        });
    },
    [workplace],
  );

  useEffect(() => {
    read(0);
    return () => stop.current?.abort();
  }, [read]);

  return { rows, more: before > 0, loading, problem, load: () => read(rows === null ? 0 : before) };
}
