import { Button, Loader } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { elapsed } from '@sekisho/ui/time';
import type { Approval } from '@sekisho/wire/desk';
import type { Problem } from '@sekisho/wire/problem';
import { deskTexts } from '../texts';
import { useClock } from './useClock';

export type CodeWaitProps = { approval: Approval; problem: Problem | null; onAgain: () => void; onCancel: () => void };

/** CodeWait shows the four digits that both screens compare, while a supervisor decides. */
export function CodeWait({ approval, problem, onAgain, onCancel }: CodeWaitProps) {
  const say = useTexts(deskTexts);
  useClock();
  if (approval.state === 'refused' || approval.state === 'expired' || approval.state === 'used') {
    const key = approval.state === 'refused' ? 'approval.refused' : 'approval.expired';
    const code = `approval.${approval.state}`;
    return (
      <ProblemNotice
        problem={{ type: '', status: 0, code, title: say(key), action: say(`${key}.do`) }}
        onRetry={onAgain}
        retryLabel={say('approval.again')}
      />
    );
  }
  const left = Date.parse(approval.expires) - Date.now();
  return (
    <div className="dk-code-wait">
      <p>{say('approval.tell')}</p>
      <dl className="dk-code">
        <dt>{say('approval.code')}</dt>
        <dd className="sk-numbers">
          {[...approval.code].map((digit, i) => (
            <span key={i}>{digit}</span>
          ))}
        </dd>
      </dl>
      <div className="dk-inline-wait" role="status">
        <Loader size="sm" />
        <p>{say('approval.waiting')}</p>
      </div>
      {problem && <ProblemNotice problem={problem} />}
      <div className="dk-actions dk-actions-spread">
        <span className="dk-small sk-numbers">{say('approval.left', { time: elapsed(left) })}</span>
        <Button variant="default" onClick={onCancel}>
          {say('approval.cancel')}
        </Button>
      </div>
    </div>
  );
}
