import { Button, Group, Stack, Textarea } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { trainingKeys } from './queries';
import { trainingTexts } from './texts';
import { RuleDoc, type RuleWhole } from './views';

/** PublishForm begins with the text in force and puts the next version in its place. */
export function PublishForm({ whole, onClose }: { whole: RuleWhole; onClose: () => void }) {
  const say = useTexts(trainingTexts);
  const parts = useTexts(partTexts);
  const { language } = useLanguage();
  const [title, setTitle] = useState(whole.document.title);
  const [body, setBody] = useState(whole.body);
  const [note, setNote] = useState('');
  const publish = useAct(
    () => api.ask('POST', `/training/documents/${encodeURIComponent(whole.document.id)}/versions`, RuleDoc, { version: whole.document.version, title, body, note }),
    trainingKeys.documents,
    trainingKeys.people,
  );
  function submit(event: FormEvent): void {
    event.preventDefault();
    publish.mutate(undefined, { onSuccess: onClose });
  }
  return (
    <Dialog title={say('doc.publish.of', { title: whole.document.title[language] })} size="xl" onClose={onClose} holds>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <p className="co-note" data-tone="attention">
            {say('doc.publish.what')}
          </p>
          <ImeInput label={say('field.title.ja')} value={title.ja} onChange={(ja) => setTitle({ ...title, ja })} maxLength={120} required />
          <ImeInput label={say('field.title.en')} value={title.en} onChange={(en) => setTitle({ ...title, en })} maxLength={120} required />
          <Textarea label={say('doc.field.ja')} description={say('doc.field.help')} value={body.ja} onChange={(event) => setBody({ ...body, ja: event.currentTarget.value })} rows={12} required />
          <Textarea label={say('doc.field.en')} value={body.en} onChange={(event) => setBody({ ...body, en: event.currentTarget.value })} rows={12} required />
          <ImeInput label={say('doc.field.note')} value={note} onChange={setNote} maxLength={300} />
          {publish.isError && <ProblemNotice problem={problemOf(publish.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {parts('cancel')}
            </Button>
            <Button type="submit" loading={publish.isPending}>
              {say('doc.do')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
