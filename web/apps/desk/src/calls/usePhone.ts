import { Phone, type PhoneAct, type PhoneActName } from '@sekisho/wire/calls';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useCallback, useEffect, useRef, useState } from 'react';
import { hearEvents } from '../phone/events';
import { useWorkplace } from '../place';

const everyMS = 2_000; // where no event came, or the socket is away

/** PhoneUse is the telephone as the server knows it, and what may be done with it. */
export type PhoneUse = {
  phone: Phone | null;
  problem: Problem | null;
  busy: boolean;
  /** tell sends one thing and reads the telephone again; it says whether the server took it. */
  tell: (path: string, body: unknown) => Promise<boolean>;
  act: (act: PhoneActName, more?: Partial<PhoneAct>) => Promise<boolean>;
  dismiss: () => void;
};

/** usePhone follows the telephone: told at once by the events socket, asked now and then beside it. */
export function usePhone(): PhoneUse {
  const workplace = useWorkplace();
  const [phone, setPhone] = useState<Phone | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const asking = useRef<AbortController | null>(null);
  const call = phone?.call?.id ?? '';

  const read = useCallback(() => {
    asking.current?.abort();
    const mine = new AbortController();
    asking.current = mine;
    return workplace.desk.ask('GET', 'calls', Phone, undefined, mine.signal).then(setPhone, () => undefined); // what was known stays
  }, [workplace]);

  useEffect(() => {
    void read();
    const timer = setInterval(() => void read(), everyMS);
    const stop = hearEvents({
      url: `${window.location.origin.replace(/^http/, 'ws')}/api/desk/v1/events`,
      firstMessage: () => workplace.bearerMessage(),
      told(data) {
        if (typeof data === 'string' && data.includes('"phone.changed"')) void read();
      },
    });
    return () => {
      clearInterval(timer);
      stop();
      asking.current?.abort();
    };
  }, [workplace, read]);

  const tell = useCallback(
    async (path: string, body: unknown) => {
      setBusy(true);
      setProblem(null);
      try {
        await workplace.desk.tell('POST', path, body);
        return true;
      } catch (thrown) {
        setProblem(problemOf(thrown));
        return false;
      } finally {
        setBusy(false);
        void read();
      }
    },
    [workplace, read],
  );

  const act = useCallback(
    (name: PhoneActName, more: Partial<PhoneAct> = {}) => tell('calls/act', { call, act: name, token: 0, to: '', digit: '', reason: '', ...more } satisfies PhoneAct),
    [tell, call],
  );
  return { phone, problem, busy, tell, act, dismiss: () => setProblem(null) };
}
