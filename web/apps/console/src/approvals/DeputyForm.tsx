import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { Deputy, type Deputies } from '../api/deputyQueries';
import { keys } from '../api/queries';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { deputyTexts } from './deputyTexts';
import { localTime, momentOf } from './localTime';

const shift = 9 * 3_600_000;

/** DeputyForm names the caller's own deputy, with a begin and an end. */
export function DeputyForm({ candidates, onDone, onClose }: { candidates: Deputies['candidates']; onDone: (words: string) => void; onClose: () => void }) {
  const say = useTexts(deputyTexts);
  const parts = useTexts(partTexts);
  const [person, setPerson] = useState('');
  const [begins, setBegins] = useState(() => localTime(Date.now()));
  const [ends, setEnds] = useState(() => localTime(Date.now() + shift));
  const [asked, setAsked] = useState(false);
  const add = useAct((body: { person: string; begins: string; ends: string }) => api.ask('POST', '/deputies', Deputy, body), keys.deputies, keys.approvals);
  const from = momentOf(begins);
  const until = momentOf(ends);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (person === '' || from === null || until === null) return;
    try {
      const made = await add.mutateAsync({ person, begins: from, ends: until });
      onDone(say('added', { deputy: made.deputy }));
      onClose();
    } catch {
      // add.error is shown
    }
  }

  return (
    <Dialog title={say('add.title')} size="lg" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <p>{say('add.lead')}</p>
          {candidates.length === 0 ? (
            <p className="co-note" data-tone="attention">
              <span>{say('nobody')}</span>
            </p>
          ) : (
            <>
              <NativeSelect
                label={say('person')}
                description={say('person.help')}
                value={person}
                onChange={(event) => setPerson(event.currentTarget.value)}
                data={[{ value: '', label: '—' }, ...candidates.map((one) => ({ value: one.id, label: one.name }))]}
                error={asked && person === '' ? say('person.missing') : undefined}
              />
              <TextInput type="datetime-local" label={say('begins')} value={begins} onChange={(event) => setBegins(event.currentTarget.value)} error={asked && from === null ? say('time.missing') : undefined} />
              <TextInput
                type="datetime-local"
                label={say('ends')}
                description={say('ends.help')}
                value={ends}
                onChange={(event) => setEnds(event.currentTarget.value)}
                error={asked && until === null ? say('time.missing') : undefined}
              />
            </>
          )}
          {add.isError && <ProblemNotice problem={problemOf(add.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {parts('cancel')}
            </Button>
            {candidates.length > 0 && (
              <Button type="submit" loading={add.isPending}>
                {say('add')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
