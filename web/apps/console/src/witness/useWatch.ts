import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../api/client';
import { WitnessCase, witnessPath } from '../api/witnessQueries';

const pause = 100; // ms between two looks
const again = 1_000; // ms after a look that failed

export type Watch = {
  shown: WitnessCase | null;
  /** picture is the newest one as an address for an image; '' before the first. */
  picture: string;
  problem: Problem | null;
  set(now: WitnessCase): void;
};

const rest = (ms: number) => new Promise((wake) => setTimeout(wake, ms));

const live = (shown: WitnessCase) => shown.state === 'taken' || shown.state === 'watched' || shown.state === 'offered';

/**
 * useWatch takes the case and looks, one look after the other, while the page is
 * open: the server waits a moment in each for a newer picture. No look, no case:
 * the server ends it six seconds after the last.
 */
export function useWatch(id: string): Watch {
  const [shown, setShown] = useState<WitnessCase | null>(null);
  const [picture, setPicture] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const over = useRef(false);

  const set = useCallback((now: WitnessCase) => {
    over.current = !live(now);
    setShown(now);
    setPicture((before) => (over.current ? '' : now.picture === '' ? before : `data:image/jpeg;base64,${now.picture}`));
  }, []);

  useEffect(() => {
    const stop = new AbortController();
    async function look() {
      try {
        let now = await api.ask('POST', witnessPath(id, '/take'), WitnessCase, {}, stop.signal);
        set(now);
        while (!stop.signal.aborted && !over.current) {
          try {
            now = await api.ask('GET', witnessPath(id, `?after=${now.seq}`), WitnessCase, undefined, stop.signal);
            if (!over.current) set(now);
            setProblem(null);
            await rest(pause);
          } catch (thrown) {
            if (stop.signal.aborted) return;
            const why = problemOf(thrown);
            setProblem(why);
            if (why.status !== 0 && why.status < 500 && why.status !== 429) return; // it is not ours any more
            await rest(again);
          }
        }
      } catch (thrown) {
        if (!stop.signal.aborted) setProblem(problemOf(thrown));
      }
    }
    void look();
    return () => stop.abort();
  }, [id, set]);

  return { shown, picture, problem, set };
}
