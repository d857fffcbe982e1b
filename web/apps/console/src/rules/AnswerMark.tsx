import { CheckIcon, CrossIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import type { RulesAnswer } from '../api/ruleViews';
import { Mark } from '../parts/Mark';
import { ruleTexts } from './texts';

/** AnswerMark is a decision in a word, with why not. */
export function AnswerMark({ answer }: { answer: RulesAnswer }) {
  const say = useTexts(ruleTexts);
  return (
    <div>
      <Mark tone={answer.allow ? 'open' : 'closed'} icon={answer.allow ? <CheckIcon size={16} /> : <CrossIcon size={16} />}>
        {say(answer.allow ? 'yes' : 'no')}
      </Mark>
      {answer.text !== '' && <p className="co-quiet">{answer.text}</p>}
      {answer.policies.length > 0 && <p className="co-id">{answer.policies.join(' ')}</p>}
    </div>
  );
}
