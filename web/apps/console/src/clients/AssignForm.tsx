import { Group, Select, Switch, Text, TextInput } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { clientKeys } from '../api/clientQueries';
import { Assignment, type Work } from '../api/clientViews';
import { PersonSelect } from '../parts/PersonSelect';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { faultsOf, today, type Draft, type DraftFault } from './draft';
import { Form } from './Form';
import { clientTexts } from './texts';

/** AssignForm puts an operator on a work for some days. */
export function AssignForm({ works, onClose }: { works: Work[]; onClose: () => void }) {
  const say = useTexts(clientTexts);
  const open = works.filter((work) => work.ended === null);
  const [draft, setDraft] = useState<Draft>(() => ({ work: open.length === 1 ? (open[0]?.id ?? '') : '', person: '', from: today(new Date()), until: '', subcontracted: false }));
  const [asked, setAsked] = useState(false);
  const faults = asked ? faultsOf(draft) : [];
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const faulty = (fault: DraftFault) => (faults.includes(fault) ? say(fault) : undefined);
  const assign = useAct(({ work, ...body }: Draft) => api.ask('POST', `/works/${encodeURIComponent(work)}/people`, Assignment, body), clientKeys.clients);
  return (
    <Form
      title={say('assign')}
      action={say('add')}
      ready={() => {
        setAsked(true);
        return faultsOf(draft).length === 0;
      }}
      onSubmit={() => assign.mutateAsync(draft)}
      onClose={onClose}
    >
      <Text size="sm">{say('assign.help')}</Text>
      <Select label={say('field.work')} data={open.map((one) => ({ value: one.id, label: one.name }))} value={draft.work} onChange={(work) => set({ work: work ?? '' })} required error={faulty('missing.work')} data-autofocus />
      <PersonSelect label={say('field.person')} role="operator" value={draft.person} onChange={(person) => set({ person })} none={say('field.person.none')} required error={faulty('missing.person')} />
      <Group grow align="flex-start">
        <TextInput type="date" label={say('field.from')} value={draft.from} onChange={(event) => set({ from: event.currentTarget.value })} required error={faulty('missing.from')} />
        <TextInput type="date" label={say('field.until')} description={say('field.until.help')} inputWrapperOrder={['label', 'input', 'description', 'error']} value={draft.until} onChange={(event) => set({ until: event.currentTarget.value })} error={faulty('missing.until')} />
      </Group>
      <Switch label={say('field.sub')} description={say('field.sub.help')} checked={draft.subcontracted} onChange={(event) => set({ subcontracted: event.currentTarget.checked })} />
    </Form>
  );
}

/** LastDayForm ends an assignment with a day. */
export function LastDayForm({ assignment, onClose }: { assignment: Assignment; onClose: () => void }) {
  const say = useTexts(clientTexts);
  const parts = useTexts(partTexts);
  const [until, setUntil] = useState(() => assignment.until || today(new Date()));
  const [asked, setAsked] = useState(false);
  const wrong = until === '' || until < assignment.from;
  const end = useAct((day: string) => api.ask('PATCH', `/assignments/${encodeURIComponent(assignment.id)}`, Assignment, { until: day }), clientKeys.clients);
  return (
    <Form
      title={say('shorten.title', { name: assignment.name })}
      action={parts('save')}
      ready={() => {
        setAsked(true);
        return !wrong;
      }}
      onSubmit={() => end.mutateAsync(until)}
      onClose={onClose}
    >
      <TextInput type="date" label={say('field.until')} value={until} onChange={(event) => setUntil(event.currentTarget.value)} required error={asked && wrong ? say('missing.until') : undefined} data-autofocus />
    </Form>
  );
}
