import { Group, Select, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { Extended, ShiftRules, shiftKeys, type ShiftPerson } from '../api/shiftQueries';
import { Form } from '../clients/Form';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { daysOf, draftOf, week } from './draft';
import { shiftTexts } from './texts';

/** ShiftForm changes the whole shift of one operator. */
export function ShiftForm({ person, onClose }: { person: ShiftPerson; onClose: () => void }) {
  const say = useTexts(shiftTexts);
  const parts = useTexts(partTexts);
  const [draft, setDraft] = useState(() => draftOf(person.days));
  const [asked, setAsked] = useState(false);
  const days = daysOf(draft);
  const put = useAct(() => api.tell('PUT', `/shifts/people/${encodeURIComponent(person.id)}`, { days: days ?? [] }), shiftKeys.shifts);
  return (
    <Form
      title={say('edit.of', { name: person.name })}
      action={parts('save')}
      ready={() => {
        setAsked(true);
        return days !== null;
      }}
      onSubmit={() => put.mutateAsync(undefined)}
      onClose={onClose}
    >
      <Text size="sm">{say('hours.help')}</Text>
      <div className="co-week">
        {week.map((day, at) => (
          <TextInput key={day} label={say(`day.${day}`)} value={draft.days[day]} onChange={(event) => setDraft({ ...draft, days: { ...draft.days, [day]: event.currentTarget.value } })} maxLength={100} data-autofocus={at === 0 ? true : undefined} />
        ))}
      </div>
      <Textarea label={say('dates.label')} description={say('dates.help')} value={draft.dates} onChange={(event) => setDraft({ ...draft, dates: event.currentTarget.value })} autosize minRows={2} maxRows={8} error={asked && days === null ? say('dates.wrong') : undefined} />
    </Form>
  );
}

/** RulesForm says whether sessions are bound to shifts. */
export function RulesForm({ rules, onClose }: { rules: ShiftRules; onClose: () => void }) {
  const say = useTexts(shiftTexts);
  const parts = useTexts(partTexts);
  const [draft, setDraft] = useState({ ...rules, before: String(rules.before), after: String(rules.after) });
  const [asked, setAsked] = useState(false);
  const wrong = (text: string) => !/^\d{1,3}$/.test(text) || Number(text) > 120;
  const put = useAct(() => api.ask('PUT', '/shifts/rules', ShiftRules, { ...draft, before: Number(draft.before), after: Number(draft.after) }), shiftKeys.shifts);
  return (
    <Form
      title={say('rules.change')}
      action={parts('save')}
      ready={() => {
        setAsked(true);
        return !wrong(draft.before) && !wrong(draft.after);
      }}
      onSubmit={() => put.mutateAsync(undefined)}
      onClose={onClose}
    >
      <Text size="sm">{say('field.none')}</Text>
      <Switch label={say('field.home')} checked={draft.home} onChange={(event) => setDraft({ ...draft, home: event.currentTarget.checked })} data-autofocus />
      <Switch label={say('field.office')} checked={draft.office} onChange={(event) => setDraft({ ...draft, office: event.currentTarget.checked })} />
      <Group grow align="flex-start">
        <TextInput label={say('field.before')} description={say('field.grace.help')} inputMode="numeric" value={draft.before} onChange={(event) => setDraft({ ...draft, before: event.currentTarget.value })} error={asked && wrong(draft.before) ? say('field.grace.help') : undefined} />
        <TextInput label={say('field.after')} description={say('field.grace.help')} inputMode="numeric" value={draft.after} onChange={(event) => setDraft({ ...draft, after: event.currentTarget.value })} error={asked && wrong(draft.after) ? say('field.grace.help') : undefined} />
      </Group>
      <TextInput label={say('field.zone')} value={draft.zone} onChange={(event) => setDraft({ ...draft, zone: event.currentTarget.value })} maxLength={64} required />
    </Form>
  );
}

/** ExtendForm gives an operator more time, once. */
export function ExtendForm({ person, onClose }: { person: ShiftPerson; onClose: () => void }) {
  const say = useTexts(shiftTexts);
  const [minutes, setMinutes] = useState('30');
  const extend = useAct(() => api.ask('POST', `/shifts/people/${encodeURIComponent(person.id)}/extend`, Extended, { minutes: Number(minutes) }), shiftKeys.shifts);
  return (
    <Form title={say('extend.of', { name: person.name })} action={say('extend')} ready={() => true} onSubmit={() => extend.mutateAsync(undefined)} onClose={onClose}>
      <Text size="sm">{say('extend.1')}</Text>
      <Select label={say('extend.minutes')} data={['15', '30', '60', '120', '240'].map((count) => ({ value: count, label: say('minutes', { count: Number(count) }) }))} value={minutes} onChange={(value) => setMinutes(value ?? '30')} allowDeselect={false} data-autofocus />
    </Form>
  );
}
