import { Stack } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { Session } from '../api/views';
import { Card } from './Card';
import { sessionTexts } from './texts';

/** Back is what the identity provider sent this browser back with. */
export type Back = { state: string; code: string; iss: string; error: string };

/** Returned finishes a sign-in through the identity provider, once, and takes what it was finished with out of the address. */
export function Returned({ back, demo }: { back: Back; demo: boolean }) {
  const say = useTexts(sessionTexts);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>(null);
  const sent = useRef(false);
  useEffect(() => {
    if (sent.current) return;
    sent.current = true; // a state is used once
    api.ask('POST', '/session/oidc/finish', Session, back).then(
      (session) => {
        client.setQueryData(keys.session, session);
        void navigate({ to: '/', replace: true });
      },
      (thrown: unknown) => {
        history.replaceState(null, '', './#/oidc');
        setFailure(thrown);
      },
    );
  }, [back, client, navigate]);
  return (
    <Card title={say(failure === null ? 'provider.title' : 'provider.failed')} demo={demo}>
      <Stack gap="md">
        {failure !== null && <ProblemNotice problem={problemOf(failure)} />}
        {failure !== null && (
          <Link to="/" className="co-link">
            {say('provider.again')}
          </Link>
        )}
      </Stack>
    </Card>
  );
}
