import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { identitiesQuery, keys } from '../api/queries';
import { IdentityDone, type Person } from '../api/views';
import { Answer } from '../parts/Answer';
import { Dialog } from '../parts/Dialog';
import { useAct } from '../parts/useAct';
import { Second } from '../roles/Second';
import { peopleTexts } from './texts';

/** IdentityDialog says who a person is at the identity provider, or takes that away. */
export function IdentityDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const say = useTexts(peopleTexts);
  const identities = useQuery(identitiesQuery);
  const [asked, setAsked] = useState<IdentityDone | null>(null);
  const path = `/people/${encodeURIComponent(person.id)}/identity`;
  if (asked?.approval) {
    return <Second asked={asked.approval} changed={keys.identities} finish={(approval) => api.ask('PUT', path, IdentityDone, { subject: asked.subject, approval })} onClose={onClose} />;
  }
  return (
    <Dialog title={say('identity.of', { name: person.name })} size="lg" onClose={onClose}>
      <Answer query={identities}>
        {(answer) =>
          answer.provider === '' ? (
            <p>{say('identity.off')}</p>
          ) : (
            <Linked path={path} provider={answer.provider} subject={answer.links.find((one) => one.person === person.id)?.subject ?? ''} onAsked={setAsked} onClose={onClose} />
          )
        }
      </Answer>
    </Dialog>
  );
}

type LinkedProps = { path: string; provider: string; subject: string; onAsked: (done: IdentityDone) => void; onClose: () => void };

function Linked({ path, provider, subject, onAsked, onClose }: LinkedProps) {
  const say = useTexts(peopleTexts);
  const [text, setText] = useState(subject);
  const [sent, setSent] = useState(false);
  const link = useAct((value: string) => api.ask('PUT', path, IdentityDone, { subject: value }), keys.identities);
  const unlink = useAct(() => api.tell('DELETE', path), keys.identities);
  const failure = link.error ?? unlink.error;
  const value = plain(text);
  return (
    <Stack gap="md">
      <Text size="sm">{say('identity.about', { provider })}</Text>
      <TextInput label={say('identity.subject')} description={say('identity.help')} value={text} onChange={(event) => setText(event.currentTarget.value)} maxLength={255} required error={sent && value === '' ? say('identity.missing') : undefined} data-autofocus />
      {failure !== null && <ProblemNotice problem={problemOf(failure)} />}
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
            if (value !== '') link.mutate(value, { onSuccess: (done) => (done.approval ? onAsked(done) : onClose()) });
          }}
        >
          {say('identity.link')}
        </Button>
      </Group>
    </Stack>
  );
}
