import { Button, Radio } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useTexts, type Say } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { PasskeyOptions, assertPasskey, createPasskey, type PasskeyFinish } from '@sekisho/wire/passkey';
import { ProblemError, problemOf, type Problem } from '@sekisho/wire/problem';
import { useEffect, useState } from 'react';
import { CameraProblem } from '../parts/CameraProblem';
import { CodeWait } from '../parts/CodeWait';
import { Heading } from '../parts/Heading';
import { Sheet } from '../parts/Sheet';
import { useSeat, useWorkplace } from '../place';
import { deskTexts, type DeskKey } from '../texts';
import { useApproval } from '../useApproval';
import type { Workplace } from '../workplace';

type Presence = 'camera' | 'confirm';

/** Approved is the way in for people whose face cannot be used: a passkey and a supervisor's word. */
export function Approved() {
  const say = useTexts(deskTexts);
  const workplace = useWorkplace();
  const { granted, camera, problem: seatProblem, login } = useSeat();
  const wait = useApproval('approved_session');
  const [presence, setPresence] = useState<Presence>('camera');
  const [shown, setShown] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [proven, setProven] = useState('');
  const { approval } = wait;

  useEffect(() => {
    if (approval?.state === 'approved' && proven === approval.id) {
      workplace.grant({ kind: 'approved_session', approval: approval.id, camera: presence === 'camera' });
    }
  }, [approval, proven, presence, workplace]);

  async function ask(note: string): Promise<void> {
    setBusy(true);
    setShown(null);
    const put = await wait.ask(note);
    const failed = put && (await passkey(workplace, 'login', put.id, say));
    if (put && !failed) setProven(put.id);
    if (failed) wait.forget();
    setShown(failed);
    setBusy(false);
  }

  const problem = shown ?? wait.problem ?? seatProblem ?? (login?.step === 'failed' ? login.problem : null);
  const waiting = approval !== null && proven === approval.id && approval.state !== 'approved';
  return (
    <Sheet steps>
      <Heading>{say('approved.title')}</Heading>
      {camera.kind === 'failed' ? (
        <CameraProblem why={camera.why} />
      ) : granted && !problem ? (
        <p role="status">{say('approved.opening')}</p>
      ) : waiting ? (
        <CodeWait approval={approval} problem={wait.problem} onAgain={() => void ask('')} onCancel={wait.forget} />
      ) : (
        <AskForm presence={presence} onPresence={setPresence} problem={problem} busy={busy} onAsk={ask} onRegister={(id) => passkey(workplace, 'register', id, say).then(setShown)} approval={approval?.id ?? ''} />
      )}
    </Sheet>
  );
}

type AskFormProps = {
  presence: Presence;
  onPresence: (presence: Presence) => void;
  problem: Problem | null;
  busy: boolean;
  approval: string;
  onAsk: (note: string) => Promise<void>;
  onRegister: (approval: string) => Promise<void>;
};

function AskForm({ presence, onPresence, problem, busy, approval, onAsk, onRegister }: AskFormProps) {
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
      {problem && <ProblemNotice problem={problem} />}
      <div className="dk-actions">
        <Button size="md" type="submit" loading={busy}>
          {say('approved.ask')}
        </Button>
      </div>
      <div className="dk-aside">
        <p>{say('approved.register.body')}</p>
        <Button variant="default" disabled={busy} onClick={() => void onRegister(approval)}>
          {say('approved.register')}
        </Button>
      </div>
    </form>
  );
}

/** passkey runs one WebAuthn act against the desk door; null is success. */
async function passkey(workplace: Workplace, act: 'login' | 'register', approval: string, say: Say<DeskKey>): Promise<Problem | null> {
  try {
    const options = await workplace.desk.ask('POST', `passkeys/${act}/begin`, PasskeyOptions, {});
    const credential = act === 'login' ? await assertPasskey(options) : await createPasskey(options);
    await workplace.desk.tell('POST', `passkeys/${act}/finish`, { credential, approval } satisfies PasskeyFinish);
    return null;
  } catch (thrown) {
    if (thrown instanceof ProblemError) return problemOf(thrown);
    return { type: '', status: 0, code: 'passkey.cancelled', title: say('passkey.cancelled'), action: say('passkey.cancelled.do') };
  }
}
