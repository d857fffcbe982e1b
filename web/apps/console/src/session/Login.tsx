import { Button, Stack, Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { KeyIcon, LeaveIcon, PersonIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { demoPeopleQuery, keys, sessionQuery } from '../api/queries';
import { Ceremony, Provider, Session } from '../api/views';
import { Answer } from '../parts/Answer';
import { shellTexts } from '../shell/texts';
import { Card } from './Card';
import { passkeyProblem, presentPasskey } from './passkey';
import { PasswordLogin } from './PasswordLogin';
import { passwordProblem } from './password';
import { sessionTexts } from './texts';

/** Login asks for a passkey, or a password where one is allowed; only demonstration data also offers its invented people. */
export function Login({ demo }: { demo: boolean }) {
  const say = useTexts(sessionTexts);
  const client = useQueryClient();
  const provider = useQuery(sessionQuery).data?.provider ?? '';
  const [busy, setBusy] = useState(false);
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

  async function byProvider() {
    setBusy(true);
    setFailure(null);
    try {
      const begun = await api.ask('POST', '/session/oidc/begin', Provider, {});
      location.assign(begun.url);
    } catch (thrown) {
      setFailure(thrown);
      setBusy(false);
    }
  }

  return (
    <Card title={say('login.title')} lead={say('login.lead')} demo={demo}>
      <Stack gap="md">
        {failure !== null && <ProblemNotice problem={passkeyProblem(failure, say) ?? passwordProblem(failure, say) ?? problemOf(failure)} />}
        <Button size="lg" leftSection={<KeyIcon size={22} />} loading={busy} onClick={() => void enter(byPasskey)}>
          {say('login.passkey')}
        </Button>
        <Text size="sm">{say('login.passkey.help')}</Text>
        {provider !== '' && (
          <>
            <Button variant="default" size="lg" leftSection={<LeaveIcon size={22} />} disabled={busy} onClick={() => void byProvider()}>
              {say('provider.enter', { name: provider })}
            </Button>
            <Text size="sm">{say('provider.help')}</Text>
          </>
        )}
        <PasswordLogin busy={busy} onEnter={(act) => void enter(act)} />
        <Text size="sm" c="dimmed">
          {say('login.lost')}
        </Text>
        {demo && (
          <DemoPeople
            busy={busy}
            onChoose={(person) => void enter(() => api.ask('POST', '/session/demo', Session, { person }))}
          />
        )}
      </Stack>
    </Card>
  );
}

function DemoPeople({ busy, onChoose }: { busy: boolean; onChoose: (person: string) => void }) {
  const say = useTexts(sessionTexts);
  const ui = useTexts(uiTexts);
  const shell = useTexts(shellTexts);
  const people = useQuery(demoPeopleQuery);
  return (
    <section className="co-demo" aria-labelledby="demo-title">
      <h2 id="demo-title">{say('demo.title')}</h2>
      <p>{say('demo.lead')}</p>
      <Answer query={people}>
        {(answer) =>
          answer.people.length === 0 ? (
            <p>{say('demo.none')}</p>
          ) : (
            <ul>
              {answer.people.map((person) => (
                <li key={person.id}>
                  <Button
                    variant="default"
                    fullWidth
                    justify="flex-start"
                    leftSection={<PersonIcon size={18} />}
                    disabled={busy}
                    onClick={() => onChoose(person.id)}
                  >
                    <span className="co-demo-name">{person.name}</span>
                    <span className="co-demo-roles">{person.roles.map((role) => ui(`role.${role}`)).join(shell('list.separator'))}</span>
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </section>
  );
}
