import { useTexts } from '@sekisho/ui/language';
import { CheckIcon } from '@sekisho/ui/icons';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { approvalsQuery } from '../api/queries';
import { Answer } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { TwoIcon } from '../parts/icons';
import { PageHead } from '../parts/PageHead';
import { useNow } from '../parts/useNow';
import { ApprovalCard } from './ApprovalCard';
import { LockedPasswords } from './LockedPasswords';
import { approvalTexts } from './texts';

/** ApprovalsPage is 承認: questions that wait for a second person. */
export function ApprovalsPage() {
  const say = useTexts(approvalTexts);
  const approvals = useQuery(approvalsQuery);
  const now = useNow(approvals.data?.skew);
  const [done, setDone] = useState('');
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')} />
      <div role="status">
        {done !== '' && (
          <p className="co-note" data-tone="open">
            <CheckIcon size={18} />
            <span>{done}</span>
          </p>
        )}
      </div>
      <LockedPasswords onDone={setDone} />
      <Answer query={approvals}>
        {(answer) =>
          answer.approvals.length === 0 ? (
            <Empty icon={<TwoIcon size={36} />} title={say('empty')} text={say('empty.do')} />
          ) : (
            <ul className="co-cards">
              {answer.approvals.map((approval) => (
                <li key={approval.id}>
                  <ApprovalCard approval={approval} now={now} onDone={setDone} />
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </>
  );
}
