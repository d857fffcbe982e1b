import { PostureStanding } from '@sekisho/wire/desk';
import { useLanguage } from '@sekisho/ui/language';
import { useEffect, useState } from 'react';
import { useWorkplace } from './place';

/** usePosture asks how this PC stands, again and again; null before the first answer and when none comes. */
export function usePosture(everyMS: number): PostureStanding | null {
  const workplace = useWorkplace();
  const { language } = useLanguage();
  const [standing, setStanding] = useState<PostureStanding | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const ask = () =>
      workplace.desk.ask('GET', 'posture', PostureStanding, undefined, stop.signal).then(setStanding, () => {
        if (!stop.signal.aborted) setStanding(null); // the refusal itself is shown beside; this list is help
      });
    void ask();
    const timer = setInterval(() => void ask(), everyMS);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [workplace, language, everyMS]);
  return standing;
}
