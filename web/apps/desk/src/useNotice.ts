import { Me } from '@sekisho/wire/desk';
import { useEffect, useState } from 'react';
import { useWorkplace } from './place';

const every = 30_000; // ms

/** useNotice is the centre's emergency announcement while a connection is there, '' where there is none. */
export function useNotice(connected: boolean): string {
  const workplace = useWorkplace();
  const [notice, setNotice] = useState('');
  useEffect(() => {
    if (!connected) {
      setNotice('');
      return;
    }
    const stop = new AbortController();
    const ask = () =>
      workplace.desk.ask('GET', 'me', Me, undefined, stop.signal).then(
        (me) => setNotice(me.notice ?? ''),
        () => undefined, // what was announced stays until the next answer
      );
    void ask();
    const timer = setInterval(() => void ask(), every);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [workplace, connected]);
  return notice;
}
