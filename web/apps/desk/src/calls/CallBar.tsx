import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { CallActs } from './CallActs';
import { CallFacts } from './CallFacts';
import { callTexts } from './callTexts';
import { Offer } from './Offer';
import { StateMenu } from './StateMenu';
import type { PhoneUse } from './usePhone';
import { WrapUp } from './WrapUp';
import './calls.css';

/** CallBar is the operator's telephone: its state, the call before him and what may be done with it. */
export function CallBar({ use }: { use: PhoneUse }) {
  const say = useTexts(callTexts);
  const { phone, problem } = use;
  if (!phone) return null;
  const { call } = phone;
  return (
    <section className="dk-call" aria-label={say('bar')}>
      <StateMenu phone={phone} use={use} />
      {call && call.state !== 'offered' && (
        <div className="dk-call-line">
          <CallFacts call={call} consult={phone.consult} />
          <CallActs phone={phone} call={call} use={use} />
        </div>
      )}
      {phone.state === 'no_answer' && <p className="dk-call-hint" role="status">{say('no_answer.do')}</p>}
      {call?.masked && <p className="dk-call-hint dk-call-veil" role="status">{say('masked')}</p>}
      {problem && <ProblemNotice problem={problem} onRetry={use.dismiss} />}
      {call?.state === 'offered' && <Offer call={call} use={use} />}
      {phone.wrap_up && !call && <WrapUp key={phone.wrap_up.call} wrapUp={phone.wrap_up} use={use} />}
    </section>
  );
}
