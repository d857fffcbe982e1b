import { Button, Checkbox, Group, Radio, Stack } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { KeyIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState } from 'react';
import { ConfirmBegun } from '../api/actQueries';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { WitnessCase, witnessKeys, witnessPath } from '../api/witnessQueries';
import { Confirm } from '../parts/Confirm';
import { useAct } from '../parts/useAct';
import { passkeyProblem, presentPasskey } from '../session/passkey';
import { sessionTexts } from '../session/texts';
import { dropKey } from './oldKey';
import { witnessTexts } from './texts';

const reasons = ['another_person', 'not_followed', 'unclear'] as const;
type Reason = (typeof reasons)[number];

/** Decide is the witness's yes, by passkey over what is shown, or his no with a reason. compared says that the opened older picture stands on the screen. */
export function Decide({ shown, compared, onChange }: { shown: WitnessCase; compared: boolean; onChange: (now: WitnessCase) => void }) {
  const say = useTexts(witnessTexts);
  const session = useTexts(sessionTexts);
  const [seen, setSeen] = useState<{ [what: string]: boolean }>({});
  const [offer, setOffer] = useState(shown.offer);
  const [anew, setAnew] = useState(false);
  if (shown.offer !== offer) {
    setOffer(shown.offer);
    if (offer !== '') {
      setSeen({}); // what was ticked was of another enrolment
      setAnew(true);
    }
  }
  const [refusing, setRefusing] = useState(false);
  const [reason, setReason] = useState<Reason>('unclear');
  const confirm = useAct(() => confirmed(shown), keys.approvals, witnessKeys.old);
  const refuse = useAct((why: Reason) => api.ask('POST', witnessPath(shown.id, '/refuse'), WitnessCase, { reason: why }), keys.approvals);
  const checks = shown.old === 'none' ? (['request', 'face'] as const) : (['request', 'face', 'old'] as const);
  const ready = shown.state === 'offered' && shown.digest !== '' && checks.every((what) => seen[what]) && (shown.old === 'none' || compared);

  async function yes() {
    try {
      onChange(await confirm.mutateAsync(undefined));
      if (shown.replaces !== '') await dropKey(shown.device).catch(() => undefined); // it opens nothing any more: the server has deleted what was sealed to it
    } catch {
      // confirm.error is shown
    }
  }

  if (shown.state === 'taken') return null;
  return (
    <section aria-labelledby="check">
      <h2 id="check">{say('check')}</h2>
      <p role="status">{say(shown.state === 'offered' ? 'step.offered' : 'step.watched')}</p>
      {anew && (
        <p className="co-note" role="alert">
          {say('step.anew')}
        </p>
      )}
      <Stack gap="sm">
        {checks.map((what) => (
          <Checkbox
            key={what}
            label={say(`check.${what}`, { name: shown.name })}
            checked={(seen[what] ?? false) && (what !== 'old' || compared)}
            disabled={what === 'old' && !compared}
            onChange={(event) => setSeen({ ...seen, [what]: event.currentTarget.checked })}
          />
        ))}
        {confirm.isError && <ProblemNotice problem={passkeyProblem(confirm.error, session) ?? problemOf(confirm.error)} />}
        <Group>
          <Button leftSection={<KeyIcon size={18} />} onClick={() => void yes()} loading={confirm.isPending} disabled={!ready}>
            {say('confirm')}
          </Button>
          <Button variant="default" onClick={() => setRefusing(true)} disabled={confirm.isPending}>
            {say('refuse')}
          </Button>
        </Group>
      </Stack>
      {refusing && (
        <Confirm
          title={say('refuse.title', { name: shown.name })}
          consequences={[say('refuse.1'), say('refuse.2')]}
          action={say('refuse')}
          danger
          reason="none"
          onConfirm={async () => onChange(await refuse.mutateAsync(reason))}
          onClose={() => setRefusing(false)}
        >
          <Radio.Group label={say('reason')} value={reason} onChange={(value) => setReason(reasons.find((one) => one === value) ?? 'unclear')}>
            <Stack gap="xs" mt="xs">
              {reasons.map((one) => (
                <Radio key={one} value={one} label={say(`reason.${one}`)} />
              ))}
            </Stack>
          </Radio.Group>
        </Confirm>
      )}
    </section>
  );
}

async function confirmed(shown: WitnessCase): Promise<WitnessCase> {
  const begun = await api.ask('POST', witnessPath(shown.id, '/begin'), ConfirmBegun, { digest: shown.digest, ceremony: '' });
  const credential = begun.passkey ? await presentPasskey(begun.options) : undefined;
  return api.ask('POST', witnessPath(shown.id, '/confirm'), WitnessCase, { digest: shown.digest, ceremony: begun.ceremony, credential });
}
