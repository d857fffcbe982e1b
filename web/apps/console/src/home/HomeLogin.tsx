import { Button, Stack, TextInput } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { KeyIcon, PersonIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { Ceremony, Session, type Home } from '../api/views';
import { Card } from '../session/Card';
import { createPasskey, passkeyProblem, presentPasskey } from '../session/passkey';
import { sessionTexts } from '../session/texts';
import { codeIn } from './code';
import { homeTexts } from './texts';

/** HomeLogin signs in the one person who sits at this issued PC, and registers his passkey for it. */
export function HomeLogin({ home, demo }: { home: Home; demo: boolean }) {
  const say = useTexts(homeTexts);
  const session = useTexts(sessionTexts);
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  async function enter(act: () => Promise<Session>) {
    setBusy(true);
    setFailure(null);
    try {
      client.setQueryData(keys.session, await act());
    } catch (thrown) {
      setFailure(thrown);
      setBusy(false);
    }
  }

  async function byPasskey(): Promise<Session> {
    const begun = await api.ask('POST', '/session/passkey/begin', Ceremony, {});
    const credential = await presentPasskey(begun.options);
    return api.ask('POST', '/session/passkey/finish', Session, { ceremony: begun.ceremony, credential });
  }

  async function register(): Promise<Session> {
    const given = codeIn(code);
    const begun = await api.ask('POST', '/home/passkey/begin', Ceremony, { code: given });
    const credential = await createPasskey(begun.options);
    return api.ask('POST', '/home/passkey/finish', Session, { code: given, ceremony: begun.ceremony, credential });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    setMissing(codeIn(code) === '');
    if (codeIn(code) !== '') void enter(register);
  }

  return (
    <Card title={session('login.title')} lead={say('login.lead', { name: home.name })} demo={demo}>
      <Stack gap="md">
        {failure !== null && <ProblemNotice problem={passkeyProblem(failure, session) ?? problemOf(failure)} />}
        {home.passkey && (
          <Button size="lg" leftSection={<KeyIcon size={22} />} loading={busy} onClick={() => void enter(byPasskey)}>
            {session('login.passkey')}
          </Button>
        )}
        {demo && (
          <Button variant="default" leftSection={<PersonIcon size={18} />} disabled={busy} onClick={() => void enter(() => api.ask('POST', '/session/demo', Session, { person: home.person }))}>
            {say('login.demo', { name: home.name })}
          </Button>
        )}
        <form onSubmit={submit} noValidate aria-labelledby="home-register">
          <Stack gap="sm">
            <h2 id="home-register">{say('register.title')}</h2>
            <p>{say('register.lead')}</p>
            <TextInput label={say('register.code')} value={code} maxLength={512} autoComplete="off" spellCheck={false} error={missing ? say('register.missing') : null} onChange={(event) => setCode(event.currentTarget.value)} />
            <Button type="submit" variant={home.passkey ? 'default' : 'filled'} leftSection={<KeyIcon size={18} />} disabled={busy}>
              {say('register.do')}
            </Button>
          </Stack>
        </form>
      </Stack>
    </Card>
  );
}
