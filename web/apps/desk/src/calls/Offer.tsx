import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { elapsed } from '@sekisho/ui/time';
import type { PhoneCall } from '@sekisho/wire/calls';
import { useEffect, useRef } from 'react';
import { useClock } from '../parts/useClock';
import { callTexts } from './callTexts';
import type { PhoneUse } from './usePhone';

/** Offer is a call that waits for an answer: over everything, with the focus on 応答. */
export function Offer({ call, use }: { call: PhoneCall; use: PhoneUse }) {
  const say = useTexts(callTexts);
  const answer = useRef<HTMLButtonElement>(null);
  useClock();
  useEffect(() => answer.current?.focus(), [call.id]);
  const left = call.until ? Math.max(0, Math.ceil((Date.parse(call.until) - Date.now()) / 1000)) : null;
  return (
    <div className="dk-offer" role="alertdialog" aria-labelledby="dk-offer-title" aria-describedby="dk-offer-facts">
      <h2 id="dk-offer-title">{say(call.back ? 'offer.back' : 'offer')}</h2>
      <p id="dk-offer-facts">
        <strong>{call.queue || call.work}</strong>
        <span className="sk-numbers">{call.number === '' ? say('withheld') : call.number}</span>
        <span className={`dk-call-level dk-call-level-${call.level}`}>{say(`level.${call.level}`)}</span>
        {call.waited > 0 && <span>{say('waited', { time: elapsed(call.waited * 1000) })}</span>}
      </p>
      {left !== null && <p className="dk-offer-left sk-numbers">{say('offer.left', { seconds: left })}</p>}
      <div className="dk-actions">
        <Button variant="default" disabled={use.busy} onClick={() => void use.act('decline', { token: call.token })}>
          {say('act.decline')}
        </Button>
        <Button ref={answer} color="matsu" size="md" disabled={use.busy} onClick={() => void use.act('answer', { token: call.token })}>
          {say('act.answer')}
        </Button>
      </div>
    </div>
  );
}
