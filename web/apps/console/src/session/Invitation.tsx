import { Button, Stack } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { KeyIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { Ceremony, Invited, Session } from '../api/views';
import { Card } from './Card';
import { NewPassword } from './NewPassword';
import { setPassword } from './opaque';
import { createPasskey, passkeyProblem } from './passkey';
import { sessionTexts } from './texts';

/** Invitation registers the passkey, or where it is allowed the password, of somebody whom an administrator named. */
export function Invitation({ token, demo }: { token: string; demo: boolean }) {
  const say = useTexts(sessionTexts);
  const client = useQueryClient();
  // Without an answer the page offers the passkey, whose own answer says what is wrong with the link.
  const invited = useQuery({
    queryKey: ['invited', token],
    queryFn: () => api.ask('POST', '/invitations/look', Invited, { token }),
    enabled: token !== '',
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const offered = invited.data?.password ? invited.data : null;
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<'' | 'passkey' | 'password'>('');
  const [failure, setFailure] = useState<unknown>(null);

  async function begin() {
    setBusy(true);
    setFailure(null);
    try {
      const begun = await api.ask('POST', '/invitations/begin', Ceremony, { token });
      const credential = await createPasskey(begun.options);
      const session = await api.ask('POST', '/invitations/finish', Session, { token, ceremony: begun.ceremony, credential });
      client.setQueryData(keys.session, session);
      setDone('passkey');
    } catch (thrown) {
      setFailure(thrown);
    }
    setBusy(false);
  }

  async function byPassword(login: string, password: string) {
    setBusy(true);
    setFailure(null);
    try {
      client.setQueryData(keys.session, await setPassword(token, login, password));
      setDone('password');
    } catch (thrown) {
      setFailure(thrown);
    }
    setBusy(false);
  }

  if (token === '') {
    return (
      <Card title={say('invite.nolink')} lead={say('invite.nolink.do')} demo={demo}>
        <Link to="/" className="co-button-link">
          {say('to.login')}
        </Link>
      </Card>
    );
  }
  if (done !== '') {
    return (
      <Card title={say(done === 'passkey' ? 'invite.done' : 'password.done')} lead={say(done === 'passkey' ? 'invite.done.do' : 'password.done.do')} demo={demo}>
        <Link to="/" className="co-button-link">
          {say('to.login')}
        </Link>
      </Card>
    );
  }
  return (
    <Card title={say('invite.title')} lead={say('invite.lead')} demo={demo}>
      <Stack gap="md">
        {failure !== null && <ProblemNotice problem={passkeyProblem(failure, say) ?? problemOf(failure)} />}
        <Button size="lg" leftSection={<KeyIcon size={22} />} loading={busy} onClick={() => void begin()}>
          {say(offered ? 'password.or' : 'invite.open')}
        </Button>
        {offered && <NewPassword invited={offered} busy={busy} onSet={(password) => void byPassword(offered.login, password)} />}
      </Stack>
    </Card>
  );
}
