import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { elapsed } from '@sekisho/ui/time';
import { useEffect, useState } from 'react';
import { useSeat, useWorkplace } from '../place';
import { workTexts } from '../workTexts';
import { useClock } from './useClock';

/** The question comes this long before the answer is due, or at half time of short intervals. */
const noticeMS = 30_000;

/** ConfirmPresence asks a person without a camera, every so often, to say that he is there. */
export function ConfirmPresence() {
  const { me, granted } = useSeat();
  const every = (me?.policy.confirm_every_s ?? 0) * 1000;
  const byHand = me?.session?.class === 'approved' && granted?.kind === 'approved_session' && !granted.camera;
  return byHand && every > 0 ? <Asking every={every} /> : null;
}

function Asking({ every }: { every: number }) {
  const say = useTexts(workTexts);
  const workplace = useWorkplace();
  const now = useClock();
  const [last, setLast] = useState(() => performance.now());
  const left = last + every - now;
  const due = left <= Math.min(noticeMS, every / 2);

  // The session has just opened: that was a word of presence too.
  useEffect(() => setLast(performance.now()), [every]);

  if (!due) return null;
  return (
    <div className="dk-confirm" role="alertdialog" aria-labelledby="dk-confirm-title" aria-describedby="dk-confirm-body">
      <div>
        <h2 id="dk-confirm-title">{say('confirm.title')}</h2>
        <p id="dk-confirm-body" className="sk-numbers">
          {say('confirm.body', { time: elapsed(left) })}
        </p>
      </div>
      <Button
        autoFocus
        onClick={() => {
          workplace.confirm();
          setLast(performance.now());
        }}
      >
        {say('confirm.here')}
      </Button>
    </div>
  );
}
