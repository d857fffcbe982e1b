import { WaitIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { elapsed } from '@sekisho/ui/time';
import { Me } from '@sekisho/wire/desk';
import { useEffect, useState } from 'react';
import { useSeat, useWorkplace } from '../place';
import { leftOf } from '../shift';
import { shiftTexts } from '../shiftTexts';
import { useClock } from './useClock';

const everyMS = 30_000; // an extension is seen this soon

/** ShiftWarning tells from ten minutes before its end that a shift ends, and the session with it. */
export function ShiftWarning() {
  const say = useTexts(shiftTexts);
  const workplace = useWorkplace();
  const { me } = useSeat();
  const [ends, setEnds] = useState(me?.session?.shift_ends ?? null);
  useClock();
  useEffect(() => {
    const stop = new AbortController();
    const ask = () =>
      workplace.desk.ask('GET', 'me', Me, undefined, stop.signal).then(
        (fresh) => setEnds(fresh.session?.shift_ends ?? null),
        () => undefined, // what was known stays; the server ends the session by its own clock
      );
    void ask();
    const timer = setInterval(() => void ask(), everyMS);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [workplace]);
  const left = leftOf(ends, Date.now());
  if (left === null) return null;
  return (
    <section className="dk-posture-strip" aria-label={say('label')}>
      <p>
        <WaitIcon size={18} />
        <strong className="sk-numbers">{say('soon', { left: elapsed(left) })}</strong>
        <span role="status">{say('do')}</span>
      </p>
    </section>
  );
}
