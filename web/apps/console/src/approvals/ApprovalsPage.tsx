import { useTexts } from '@sekisho/ui/language';
import { CheckIcon } from '@sekisho/ui/icons';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sessionQuery } from '../api/queries';
import { PageHead } from '../parts/PageHead';
import { ActsSection } from './ActsSection';
import { DeputiesSection } from './DeputiesSection';
import { LockedPasswords } from './LockedPasswords';
import { PendingPCs } from './PendingPCs';
import { Questions } from './Questions';
import { OldFaces } from '../witness/OldFaces';
import { approvalTexts } from './texts';

/** ApprovalsPage is 承認: everything that waits for a second person, each to whom it is his to answer. */
export function ApprovalsPage() {
  const say = useTexts(approvalTexts);
  const session = useQuery(sessionQuery);
  const [done, setDone] = useState('');
  const roles = session.data?.person?.roles ?? [];
  const supervises = roles.includes('supervisor');
  const manages = roles.includes('administrator');
  const officer = roles.includes('officer');
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')} />
      <div role="status" className="co-outcome">
        {done !== '' && (
          <p className="co-note" data-tone="open">
            <CheckIcon size={18} />
            <span>{done}</span>
          </p>
        )}
      </div>
      <LockedPasswords onDone={setDone} />
      {(supervises || manages || officer) && <Questions supervises={supervises} watches={supervises} onDone={setDone} />}
      {(supervises || officer) && <OldFaces supervises={supervises} officer={officer} onDone={setDone} />}
      {manages && <PendingPCs />}
      {(manages || officer || roles.includes('auditor')) && <ActsSection confirms={manages || officer} onDone={setDone} />}
      <DeputiesSection names={supervises} onDone={setDone} />
    </>
  );
}
