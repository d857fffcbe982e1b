import { Button, Stack, Text } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { plain } from '@sekisho/ui/ime';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { KeyIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { Ceremony, Session } from '../api/views';
import { Once } from '../parts/Once';
import { Card } from './Card';
import { createPasskey, passkeyProblem } from './passkey';
import { loginFits } from './login';
import { sessionTexts } from './texts';

/** Setup registers the first administrator, with a link that only the machine's owner can print. */
export function Setup({ token, needed, demo }: { token: string; needed: boolean; demo: boolean }) {
  const say = useTexts(sessionTexts);
  if (!needed) {
    return (
      <Card title={say('setup.done')} lead={say('setup.done.do')} demo={demo}>
        <Link to="/" className="co-button-link">
          {say('to.login')}
        </Link>
      </Card>
    );
  }
  if (token === '') {
    return (
      <Card title={say('setup.title')} lead={say('setup.nolink')} demo={demo}>
        <Stack gap="md">
          <Text size="sm">{say('setup.nolink.do')}</Text>
          <Once label={say('setup.command')} text="sekisho setup-url" />
        </Stack>
      </Card>
    );
  }
  return (
    <Card title={say('setup.title')} lead={say('setup.lead')} demo={demo}>
      <SetupForm token={token} />
    </Card>
  );
}

function SetupForm({ token }: { token: string }) {
  const say = useTexts(sessionTexts);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [login, setLogin] = useState('');
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const nameFits = plain(name) !== '';

  async function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (!nameFits || !loginFits(plain(login))) return;
    setBusy(true);
    setFailure(null);
    try {
      const begun = await api.ask('POST', '/setup/begin', Ceremony, { token, name: plain(name), login: plain(login) });
      const credential = await createPasskey(begun.options);
      const session = await api.ask('POST', '/setup/finish', Session, { token, ceremony: begun.ceremony, credential });
      client.setQueryData(keys.session, session);
      await navigate({ to: '/' });
    } catch (thrown) {
      setFailure(thrown);
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <ImeInput
          label={say('setup.name')}
          value={name}
          onChange={setName}
          autoComplete="name"
          maxLength={64}
          required
          error={asked && !nameFits ? say('setup.missing.name') : undefined}
        />
        <ImeInput
          label={say('setup.login')}
          description={say('setup.login.help')}
          value={login}
          onChange={setLogin}
          autoComplete="username"
          maxLength={64}
          required
          error={asked && !loginFits(plain(login)) ? say('setup.missing.login') : undefined}
        />
        {failure !== null && <ProblemNotice problem={passkeyProblem(failure, say) ?? problemOf(failure)} />}
        <Button type="submit" size="lg" leftSection={<KeyIcon size={22} />} loading={busy}>
          {say('setup.next')}
        </Button>
      </Stack>
    </form>
  );
}
