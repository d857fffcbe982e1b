import { Button } from '@mantine/core';
import { WaitIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { loanKeys } from '../api/loanQueries';
import type { Loan } from '../api/loanViews';
import { keys } from '../api/queries';
import { Confirm } from '../parts/Confirm';
import { useAct } from '../parts/useAct';
import { loanTexts } from './texts';

/** ReceivedPanel confirms that a PC has arrived, which is when its code begins to open. */
export function ReceivedPanel({ loan }: { loan: Pick<Loan, 'id' | 'asset_tag'> }) {
  const say = useTexts(loanTexts);
  const [asking, setAsking] = useState(false);
  const confirm = useAct(() => api.tell('POST', `/loans/${encodeURIComponent(loan.id)}/received`), loanKeys.loans, keys.devices);
  return (
    <>
      <p className="co-note" data-tone="attention">
        <WaitIcon size={18} />
        <span>{say('received.lead')}</span>
      </p>
      <Button onClick={() => setAsking(true)} mb="md">
        {say('received')}
      </Button>
      {asking && (
        <Confirm
          title={say('received.title', { tag: loan.asset_tag })}
          consequences={[say('received.1'), say('received.2')]}
          action={say('received')}
          reason="none"
          onConfirm={() => confirm.mutateAsync()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
