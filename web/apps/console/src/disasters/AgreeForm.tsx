import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { Widening } from '../api/disasterQueries';
import { keys } from '../api/queries';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { asked } from '../parts/asks';
import { disasterTexts, template } from './texts';

/** AgreeForm asks a second administrator to agree on what a disaster may widen. */
export function AgreeForm({ onAsked, onClose }: { onAsked: () => void; onClose: () => void }) {
  const say = useTexts(disasterTexts);
  const parts = useTexts(partTexts);
  const [name, setName] = useState('');
  const [text, setText] = useState(template);
  const [tried, setTried] = useState(false);
  const agree = useAct((body: object) => api.ask('POST', '/disaster/widenings', Widening, body), keys.disaster, keys.acts);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '' || text.trim() === '') return;
    try {
      await agree.mutateAsync({ name: name.normalize('NFKC').trim(), text });
    } catch (thrown) {
      if (!asked(thrown)) return; // agree.error is shown
    }
    onAsked();
    onClose();
  }

  return (
    <Dialog title={say('agree')} size="lg" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <p>{say('agree.lead')}</p>
          <TextInput label={say('name')} value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={64} error={tried && name.trim() === '' ? say('name.missing') : undefined} />
          <Textarea
            label={say('text')}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            maxLength={16_384}
            autosize
            minRows={6}
            maxRows={14}
            styles={{ input: { fontFamily: 'monospace' } }}
            error={tried && text.trim() === '' ? say('text.missing') : undefined}
          />
          {agree.isError && !asked(agree.error) && <ProblemNotice problem={problemOf(agree.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {parts('cancel')}
            </Button>
            <Button type="submit" loading={agree.isPending}>
              {say('declare.go')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
