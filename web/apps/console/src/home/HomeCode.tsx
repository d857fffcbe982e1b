import { Button, Stack } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { KeyIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useState } from 'react';
import { api } from '../api/client';
import { ConfirmBegun } from '../api/actQueries';
import { HomeCode as Code } from '../api/views';
import { Dialog } from '../parts/Dialog';
import { Once } from '../parts/Once';
import { passkeyProblem, presentPasskey } from '../session/passkey';
import { sessionTexts } from '../session/texts';
import { homeTexts } from './texts';

/** HomeCode gives somebody, once his passkey has proved that it is he, the code for a passkey at his issued PC. */
export function HomeCode({ onClose }: { onClose: () => void }) {
  const say = useTexts(homeTexts);
  const session = useTexts(sessionTexts);
  const { language } = useLanguage();
  const [busy, setBusy] = useState(false);
  const [code, setCode] = useState<Code | null>(null);
  const [failure, setFailure] = useState<unknown>(null);

  async function make() {
    setBusy(true);
    setFailure(null);
    try {
      const begun = await api.ask('POST', '/home/code/begin', ConfirmBegun, {});
      const proof = begun.passkey ? { ceremony: begun.ceremony, credential: await presentPasskey(begun.options) } : { ceremony: '' };
      setCode(await api.ask('POST', '/home/code/finish', Code, proof));
    } catch (thrown) {
      setFailure(thrown);
    }
    setBusy(false);
  }

  return (
    <Dialog title={say('code.open')} size="lg" onClose={onClose} holds={code !== null}>
      <Stack gap="md">
        <p>{say('code.lead')}</p>
        {failure !== null && <ProblemNotice problem={passkeyProblem(failure, session) ?? problemOf(failure)} />}
        {code === null ? (
          <Button leftSection={<KeyIcon size={18} />} loading={busy} onClick={() => void make()} data-autofocus>
            {say('code.make')}
          </Button>
        ) : (
          <>
            <Once label={say('code.label')} text={code.code} />
            <p>{say('code.steps')}</p>
            <p>{say('code.until', { time: dateTime(code.until, language) })}</p>
          </>
        )}
      </Stack>
    </Dialog>
  );
}
