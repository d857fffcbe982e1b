import { Button, Select, TextInput } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useTexts } from '@sekisho/ui/language';
import { useState, type FormEvent } from 'react';
import type { RecordingChoices, RecordingSearch } from '../api/recordingQueries';
import { recordingTexts } from './texts';

const named = (all: string, list: { id: string; name: string }[]) => [{ value: '', label: all }, ...list.map((one) => ({ value: one.id, label: one.name }))];

/** SearchForm says which recordings; whoever has one client company need not choose it. */
export function SearchForm({ choices, onSearch }: { choices: RecordingChoices; onSearch: (asked: RecordingSearch) => void }) {
  const say = useTexts(recordingTexts);
  const only = choices.clients.length === 1 ? choices.clients[0]!.id : '';
  const [draft, setDraft] = useState<RecordingSearch>({ client: only, work: '', operator: '', number: '', from: '', to: '' });
  const [missing, setMissing] = useState(false);
  const set = (change: Partial<RecordingSearch>) => setDraft((before) => ({ ...before, ...change }));
  const client = choices.clients.find((one) => one.id === draft.client);
  const all = say('all');

  function submit(event: FormEvent) {
    event.preventDefault();
    setMissing(draft.client === '');
    if (draft.client !== '') onSearch({ ...draft, number: draft.number.normalize('NFKC').trim() });
  }

  return (
    <form className="co-filters" onSubmit={submit} noValidate autoComplete="off">
      <Select
        label={say('client')}
        placeholder={say('client.choose')}
        data={choices.clients.map((one) => ({ value: one.id, label: one.name }))}
        value={draft.client === '' ? null : draft.client}
        onChange={(value) => set({ client: value ?? '', work: '', operator: '' })}
        allowDeselect={false}
        required
        error={missing && draft.client === '' ? say('client.choose') : undefined}
      />
      <Select label={say('work')} data={named(all, client?.works ?? [])} value={draft.work} onChange={(value) => set({ work: value ?? '' })} allowDeselect={false} disabled={!client} />
      <Select label={say('operator')} data={named(all, client?.operators ?? [])} value={draft.operator} onChange={(value) => set({ operator: value ?? '' })} allowDeselect={false} searchable disabled={!client} />
      <ImeInput label={say('number')} placeholder={say('number.help')} value={draft.number} onChange={(number) => set({ number })} inputMode="tel" maxLength={32} />
      <TextInput type="date" className="co-date" label={say('from')} value={draft.from} max={draft.to || undefined} onChange={(event) => set({ from: event.currentTarget.value })} />
      <TextInput type="date" className="co-date" label={say('to')} value={draft.to} min={draft.from || undefined} onChange={(event) => set({ to: event.currentTarget.value })} />
      <Button type="submit">{say('search')}</Button>
    </form>
  );
}
