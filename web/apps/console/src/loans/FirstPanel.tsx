import { Button } from '@mantine/core';
import { PersonIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useState } from 'react';
import { api } from '../api/client';
import { loanKeys } from '../api/loanQueries';
import type { Loan, Tie } from '../api/loanViews';
import { Confirm } from '../parts/Confirm';
import { useAct } from '../parts/useAct';
import { loanTexts } from './texts';

/** FirstPanel says whose first PC this is, and releases them. */
export function FirstPanel({ loan }: { loan: Loan }) {
  const say = useTexts(loanTexts);
  const { language } = useLanguage();
  const [releasing, setReleasing] = useState<Tie | null>(null);
  const release = useAct((person: string) => api.tell('POST', `/loans/${encodeURIComponent(loan.id)}/release`, { person }), loanKeys.loans);
  return (
    <section className="co-block" aria-labelledby="first">
      <h2 id="first">{say('first')}</h2>
      <p className="co-quiet">{say('first.lead')}</p>
      {loan.tied.length === 0 ? (
        <p>{say('first.none')}</p>
      ) : (
        <ul className="co-loan-list">
          {loan.tied.map((tie) => (
            <li key={tie.person}>
              <PersonIcon size={16} />
              <span>
                {tie.name} {tie.since !== null && <span className="co-quiet">{say('first.since', { at: dateTime(tie.since, language) })}</span>}
              </span>
              <Button variant="default" size="xs" onClick={() => setReleasing(tie)}>
                {say('first.release', { name: tie.name })}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {releasing && (
        <Confirm
          title={say('first.release', { name: releasing.name })}
          consequences={[say('first.release.1')]}
          action={say('first.release.do')}
          reason="none"
          onConfirm={() => release.mutateAsync(releasing.person)}
          onClose={() => setReleasing(null)}
        />
      )}
    </section>
  );
}
