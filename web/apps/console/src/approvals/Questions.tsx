import { CheckIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { approvalsQuery } from '../api/queries';
import { Answer } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { TwoIcon } from '../parts/icons';
import { useNow } from '../parts/useNow';
import { ApprovalCard } from './ApprovalCard';
import { BulkPanel } from './BulkPanel';
import { bulkFrom, byKind } from './order';
import { deputyTexts, queueTexts } from './deputyTexts';
import { approvalTexts } from './texts';

/** Questions are those that are answered by a number that is read out, by kind and age. Few are for whom does not supervise: what waits below is not pushed away by there being none. */
export function Questions({ supervises, watches, onDone }: { supervises: boolean; watches: boolean; onDone: (words: string) => void }) {
  const say = useTexts(approvalTexts);
  const queue = useTexts(queueTexts);
  const deputy = useTexts(deputyTexts);
  const approvals = useQuery(approvalsQuery);
  const now = useNow(approvals.data?.skew);
  return (
    <section aria-labelledby="questions" className="co-queue">
      <h2 id="questions">{queue('questions')}</h2>
      <Answer query={approvals}>
        {(answer) => (
          <>
            {answer.for.length > 0 && (
              <p className="co-note" data-tone="open">
                <CheckIcon size={18} />
                <span>{deputy('for', { names: answer.for.join(deputy('separator')) })}</span>
              </p>
            )}
            {answer.approvals.length === 0 && supervises && <Empty icon={<TwoIcon size={36} />} title={say('empty')} text={say('empty.do')} />}
            {answer.approvals.length === 0 && !supervises && <p className="co-quiet">{say('empty.none')}</p>}
            {answer.approvals.length > 0 && (
              <>
                {bulkFrom(answer.approvals).length > 1 && <BulkPanel approvals={bulkFrom(answer.approvals)} onDone={onDone} />}
                <ul className="co-cards">
                  {byKind(answer.approvals).map((approval) => (
                    <li key={approval.id}>
                      <ApprovalCard approval={approval} now={now} watches={watches} onDone={onDone} />
                    </li>
                  ))}
                </ul>
              </>
            )}
          </>
        )}
      </Answer>
    </section>
  );
}
