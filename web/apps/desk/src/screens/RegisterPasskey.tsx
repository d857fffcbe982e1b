import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import type { Problem } from '@sekisho/wire/problem';
import { useState } from 'react';
import { CodeWait } from '../parts/CodeWait';
import { Heading } from '../parts/Heading';
import { passkeyAct } from '../passkeyActs';
import { useWorkplace } from '../place';
import { deskTexts } from '../texts';
import { useApproval } from '../useApproval';

/** RegisterPasskey makes a passkey for this PC; a supervisor has to approve it first. */
export function RegisterPasskey({ onDone }: { onDone: (registered: boolean) => void }) {
  const say = useTexts(deskTexts);
  const workplace = useWorkplace();
  const { approval, problem, asking, ask, forget } = useApproval('passkey');
  const [failed, setFailed] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);

  async function register(id: string): Promise<void> {
    setBusy(true);
    const refused = await passkeyAct(workplace, 'register', id, say);
    setBusy(false);
    if (refused) setFailed(refused);
    else onDone(true);
  }

  const granted = approval?.state === 'approved' ? approval.id : null;
  return (
    <>
      <Heading>{say('register.title')}</Heading>
      {granted !== null ? (
        <>
          <p>{say('register.approved')}</p>
          {failed && <ProblemNotice problem={failed} />}
          <div className="dk-actions">
            <Button size="md" loading={busy} onClick={() => void register(granted)}>
              {say('approved.register')}
            </Button>
          </div>
        </>
      ) : approval ? (
        <CodeWait approval={approval} problem={problem} onAgain={() => void ask(say('register.note'))} onCancel={forget} />
      ) : (
        <>
          <p>{say('register.body')}</p>
          {problem && <ProblemNotice problem={problem} />}
          <div className="dk-actions">
            <Button size="md" variant="default" onClick={() => onDone(false)}>
              {say('approval.cancel')}
            </Button>
            <Button size="md" loading={asking} onClick={() => void ask(say('register.note'))}>
              {say('register.ask')}
            </Button>
          </div>
        </>
      )}
    </>
  );
}
