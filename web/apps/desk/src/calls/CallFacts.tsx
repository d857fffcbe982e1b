import { useTexts } from '@sekisho/ui/language';
import { elapsed } from '@sekisho/ui/time';
import type { PhoneCall, PhoneConsulted } from '@sekisho/wire/calls';
import { useClock } from '../parts/useClock';
import { callTexts } from './callTexts';

/** CallFacts says who is on the line, how long, and what is kept of it. */
export function CallFacts({ call, consult }: { call: PhoneCall; consult: PhoneConsulted | null }) {
  const say = useTexts(callTexts);
  useClock();
  return (
    <div className="dk-call-facts">
      <span className={`dk-call-state dk-call-${call.state}`}>{say(call.state === 'offered' ? 'offer' : call.state)}</span>
      <span className="sk-numbers dk-call-time">{elapsed(Date.now() - Date.parse(call.since))}</span>
      <span className="dk-call-who">
        {call.queue || call.work}
        <span className="sk-numbers">{call.number === '' ? say('withheld') : call.number}</span>
      </span>
      <span className={`dk-call-level dk-call-level-${call.level}`}>{say(`level.${call.level}`)}</span>
      {consult && <span className="dk-call-consult">{say(`consult.${consult.state}`, { name: consult.name })}</span>}
      <span className={call.recording === 'on' ? 'dk-call-rec dk-call-rec-on' : 'dk-call-rec'}>{say(`recording.${call.recording}`)}</span>
      {call.mos > 0 && <span className={call.mos < 3.6 ? 'dk-call-mos dk-call-poor' : 'dk-call-mos'}>{say('mos', { value: call.mos.toFixed(1) })}</span>}
      {call.said.length > 0 && (
        <dl className="dk-call-said">
          {call.said.map((one) => (
            <div key={one.name}>
              <dt>{one.name}</dt>
              <dd>{one.value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
