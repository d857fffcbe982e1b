import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { Report } from '../api/views';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { emptyDraft, faultsOf, todayInJapan, type Draft } from './draft';
import { reportTexts } from './texts';

/** ReportForm asks for whom and for which days. */
export function ReportForm({ onClose }: { onClose: () => void }) {
  const say = useTexts(reportTexts);
  const parts = useTexts(partTexts);
  const today = todayInJapan(new Date());
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(today));
  const [asked, setAsked] = useState(false);
  const make = useAct((one: Draft) => api.ask('POST', '/reports', Report, { ...one, addressee: plain(one.addressee) }), keys.reports);
  const faults = asked ? faultsOf(draft) : [];
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));

  function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (faultsOf(draft).length === 0) make.mutate(draft, { onSuccess: onClose });
  }

  return (
    <Dialog title={say('form')} size="lg" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Text size="sm">
            {say('form.lead')} {say('form.scope')}
          </Text>
          <ImeInput
            label={say('field.to')}
            value={draft.addressee}
            onChange={(addressee) => set({ addressee })}
            maxLength={100}
            required
            error={faults.includes('missing.to') ? say('missing.to') : undefined}
            data-autofocus
          />
          <Group grow align="flex-start">
            <TextInput
              type="date"
              label={say('field.from')}
              value={draft.from}
              max={draft.to || today}
              onChange={(event) => set({ from: event.currentTarget.value })}
              required
              error={faults.includes('missing.from') ? say('missing.day') : undefined}
              className="co-date"
            />
            <TextInput
              type="date"
              label={say('field.until')}
              value={draft.to}
              min={draft.from || undefined}
              onChange={(event) => set({ to: event.currentTarget.value })}
              required
              error={faults.includes('missing.until') ? say('missing.day') : faults.includes('backwards') ? say('backwards') : undefined}
              className="co-date"
            />
            <Select
              label={say('field.language')}
              data={[
                { value: 'ja', label: say('language.ja') },
                { value: 'en', label: say('language.en') },
              ]}
              value={draft.language}
              onChange={(value) => set({ language: value === 'en' ? 'en' : 'ja' })}
              allowDeselect={false}
            />
            <Select
              label={say('field.format')}
              data={[
                { value: 'pdf', label: say('format.pdf') },
                { value: 'html', label: say('format.html') },
              ]}
              value={draft.format}
              onChange={(value) => set({ format: value === 'html' ? 'html' : 'pdf' })}
              allowDeselect={false}
            />
          </Group>
          {make.isError && <ProblemNotice problem={problemOf(make.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {parts('cancel')}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {say('make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
