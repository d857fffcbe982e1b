import { Button, Radio } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useTexts } from '@sekisho/ui/language';
import type { Problem } from '@sekisho/wire/problem';
import { useEffect, useState } from 'react';
import { CameraProblem } from '../parts/CameraProblem';
import { CodeWait } from '../parts/CodeWait';
import { Heading } from '../parts/Heading';
import { Sheet } from '../parts/Sheet';
import { passkeyAct } from '../passkeyActs';
import { DeskProblem } from '../parts/PostureList';
import { useSeat, useWorkplace } from '../place';
import { deskTexts } from '../texts';
import { useApproval } from '../useApproval';
import { RegisterPasskey } from './RegisterPasskey';

type Presence = 'camera' | 'confirm';

/** Approved is the way in for people whose face cannot be used: first a passkey, then a supervisor's word. */
export function Approved() {
  const [registering, setRegistering] = useState<'no' | 'yes' | 'done'>('no');
  return (
    <Sheet steps>
      {registering === 'yes' ? (
        <RegisterPasskey onDone={(registered) => setRegistering(registered ? 'done' : 'no')} />
      ) : (
        <ByApproval registered={registering === 'done'} onRegister={() => setRegistering('yes')} />
      )}
    </Sheet>
  );
}

type ByApprovalProps = { registered: boolean; onRegister: () => void };

function ByApproval({ registered, onRegister }: ByApprovalProps) {
  const say = useTexts(deskTexts);
  const workplace = useWorkplace();
  const { granted, camera, problem: refused, login } = useSeat();
  const { approval, problem: unasked, ask, forget } = useApproval('approved_session');
  const [presence, setPresence] = useState<Presence>('camera');
  const [failed, setFailed] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    if (approval?.state !== 'approved') return;
    workplace.grant({ kind: 'approved_session', approval: approval.id, camera: presence === 'camera' });
    forget(); // it is handed in, and works once
  }, [approval, presence, workplace, forget]);

  async function prove(note: string): Promise<void> {
    setBusy(true);
    workplace.grant(null);
    const problem = await passkeyAct(workplace, 'login', '', say);
    setFailed(problem);
    if (!problem) await ask(note);
    setBusy(false);
  }

  const problem = failed ?? unasked ?? refused ?? (login?.step === 'failed' ? login.problem : null);
  return (
    <>
      <Heading>{say('approved.title')}</Heading>
      {camera.kind === 'failed' ? (
        <CameraProblem why={camera.why} />
      ) : approval ? (
        <CodeWait approval={approval} problem={unasked} onAgain={() => void ask('')} onCancel={forget} />
      ) : granted && !problem ? (
        <p role="status">{say('approved.opening')}</p>
      ) : (
        <>
          {registered && <p role="status">{say('register.done')}</p>}
          <AskForm presence={presence} onPresence={setPresence} problem={problem} busy={busy} onAsk={prove} onRegister={onRegister} />
        </>
      )}
    </>
  );
}

type AskFormProps = {
  presence: Presence;
  onPresence: (presence: Presence) => void;
  problem: Problem | null;
  busy: boolean;
  onAsk: (note: string) => Promise<void>;
  onRegister: () => void;
};

function AskForm({ presence, onPresence, problem, busy, onAsk, onRegister }: AskFormProps) {
  const say = useTexts(deskTexts);
  const [note, setNote] = useState('');
  return (
    <form
      className="dk-form"
      onSubmit={(event) => {
        event.preventDefault();
        void onAsk(note);
      }}
    >
      <p>{say('approved.body')}</p>
      <Radio.Group label={say('approved.presence')} value={presence} onChange={(value) => onPresence(value === 'confirm' ? 'confirm' : 'camera')}>
        <div className="dk-choices">
          <Radio value="camera" label={say('approved.camera')} />
          <Radio value="confirm" label={say('approved.confirm')} />
        </div>
      </Radio.Group>
      <ImeInput label={say('approved.note')} description={say('approved.note.hint')} maxLength={200} value={note} onChange={setNote} />
      {problem && <DeskProblem problem={problem} />}
      <div className="dk-actions">
        <Button size="md" type="submit" loading={busy}>
          {say('approved.ask')}
        </Button>
      </div>
      <div className="dk-aside">
        <p>{say('approved.register.body')}</p>
        <Button variant="default" disabled={busy} onClick={onRegister}>
          {say('approved.register')}
        </Button>
      </div>
    </form>
  );
}
