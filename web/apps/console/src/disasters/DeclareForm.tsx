import { Button, Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { Disaster, type Widening } from '../api/disasterQueries';
import { keys } from '../api/queries';
import { localTime, momentOf } from '../approvals/localTime';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { asked } from '../parts/asks';
import { disasterTexts } from './texts';

const day = 24 * 3_600_000;

/** DeclareForm asks for disaster mode; it begins when a second person has confirmed it. */
export function DeclareForm({ widenings, onAsked, onClose }: { widenings: Widening[]; onAsked: () => void; onClose: () => void }) {
  const say = useTexts(disasterTexts);
  const parts = useTexts(partTexts);
  const [widening, setWidening] = useState('');
  const [reason, setReason] = useState('');
  const [announcement, setAnnouncement] = useState('');
  const [ends, setEnds] = useState(() => localTime(Date.now() + day));
  const [tried, setTried] = useState(false);
  const declare = useAct((body: object) => api.ask('POST', '/disaster', Disaster, body), keys.disaster, keys.acts);
  const until = momentOf(ends);
  const chosen = widenings.find((one) => one.id === widening);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (widening === '' || reason.trim() === '' || announcement.trim() === '' || until === null) return;
    try {
      await declare.mutateAsync({ widening, reason: reason.normalize('NFKC').trim(), announcement: announcement.normalize('NFKC').trim(), ends: until });
    } catch (thrown) {
      if (!asked(thrown)) return; // declare.error is shown
    }
    onAsked();
    onClose();
  }

  return (
    <Dialog title={say('declare')} size="lg" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <p>{say('declare.lead')}</p>
          <NativeSelect
            label={say('choose')}
            value={widening}
            onChange={(event) => setWidening(event.currentTarget.value)}
            data={[{ value: '', label: '—' }, ...widenings.map((one) => ({ value: one.id, label: one.name }))]}
            error={tried && widening === '' ? say('choose.missing') : undefined}
          />
          {chosen && <pre className="co-policy-text">{chosen.text}</pre>}
          <Textarea
            label={say('reason')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={500}
            autosize
            minRows={2}
            error={tried && reason.trim() === '' ? say('reason.missing') : undefined}
          />
          <Textarea
            label={say('announcement')}
            description={say('announcement.help')}
            value={announcement}
            onChange={(event) => setAnnouncement(event.currentTarget.value)}
            maxLength={300}
            autosize
            minRows={2}
            error={tried && announcement.trim() === '' ? say('announcement.missing') : undefined}
          />
          <TextInput
            type="datetime-local"
            label={say('ends')}
            description={say('ends.help')}
            value={ends}
            onChange={(event) => setEnds(event.currentTarget.value)}
            error={tried && until === null ? say('ends.missing') : undefined}
          />
          {declare.isError && !asked(declare.error) && <ProblemNotice problem={problemOf(declare.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {parts('cancel')}
            </Button>
            <Button type="submit" loading={declare.isPending}>
              {say('declare.go')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
