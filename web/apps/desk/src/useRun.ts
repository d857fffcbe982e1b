import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import { useWorkplace } from './place';

/**
 * useRun begins something that the server keeps (a quiz, a practice), or takes up
 * what is under way; sends what belongs to it; and holds the last answer until
 * the page goes on.
 */
export function useRun<Run, Told>(path: string, form: z.ZodType<Run>) {
  const { desk } = useWorkplace();
  const [run, setRun] = useState<Run | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    setProblem(null);
    setTold(null);
    desk.ask('POST', path, form, {}, stop.signal).then(setRun, (thrown: unknown) => {
      if (!stop.signal.aborted) setProblem(problemOf(thrown));
    });
    return () => stop.abort();
  }, [desk, path, form, tries]);

  async function send<Answer>(to: string, answered: z.ZodType<Answer>, body: object, then: (answer: Answer) => void): Promise<void> {
    setSending(true);
    setProblem(null);
    try {
      then(await desk.ask('POST', to, answered, body));
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setSending(false);
    }
  }

  return { run, setRun, told, setTold, problem, sending, send, again: () => setTries(tries + 1) };
}
