import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { identitiesQuery, keys } from '../api/queries';
import { Identity, type Person } from '../api/views';
import { Answer } from '../parts/Answer';
import { asked } from '../parts/asks';
import { Dialog } from '../parts/Dialog';
import { useAct } from '../parts/useAct';
import { peopleTexts } from './texts';

/** IdentityDialog says who a person is at the identity provider, or takes that away. */
export function IdentityDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const say = useTexts(peopleTexts);
  const identities = useQuery(identitiesQuery);
  const path = `/people/${encodeURIComponent(person.id)}/identity`;
  return (
    <Dialog title={say('identity.of', { name: person.name })} size="lg" onClose={onClose}>
      <Answer query={identities}>
        {(answer) =>
          answer.provider === '' ? (
            <p>{say('identity.off')}</p>
          ) : (
            <Linked path={path} provider={answer.provider} subject={answer.links.find((one) => one.person === person.id)?.subject ?? ''} onClose={onClose} />
          )
        }
      </Answer>
    </Dialog>
  );
}

type LinkedProps = { path: string; provider: string; subject: string; onClose: () => void };

function Linked({ path, provider, subject, onClose }: LinkedProps) {
  const say = useTexts(peopleTexts);
  const [text, setText] = useState(subject);
  const [sent, setSent] = useState(false);
  const link = useAct((value: string) => api.ask('PUT', path, Identity, { subject: value }), keys.identities, keys.acts);
  const unlink = useAct(() => api.tell('DELETE', path), keys.identities);
  const failure = link.error ?? unlink.error;
  const waits = asked(link.error);
  const value = plain(text);
  return (
    <Stack gap="md">
      <Text size="sm">{say('identity.about', { provider })}</Text>
      <TextInput label={say('identity.subject')} description={say('identity.help')} value={text} onChange={(event) => setText(event.currentTarget.value)} maxLength={255} required error={sent && value === '' ? say('identity.missing') : undefined} data-autofocus />
      <div role="status">{waits && <p>{say('identity.asked')}</p>}</div>
      {failure !== null && !waits && <ProblemNotice problem={problemOf(failure)} />}
      <Group justify="flex-end" gap="sm">
        {subject !== '' && (
          <Button variant="default" c="beni.7" loading={unlink.isPending} onClick={() => unlink.mutate(undefined, { onSuccess: onClose })}>
            {say('identity.unlink')}
          </Button>
        )}
        <Button
          loading={link.isPending}
          onClick={() => {
            setSent(true);
            if (value !== '') link.mutate(value, { onSuccess: onClose });
          }}
        >
          {say('identity.link')}
        </Button>
      </Group>
    </Stack>
  );
}
