import { Button, Select, TextInput } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { noFilter, subjectsQuery, type AuditFilter } from '../api/queries';
import { partTexts } from '../parts/texts';
import { knownKinds, takenKinds, useKind } from './kinds';
import { auditTexts } from './texts';

type SearchFormProps = { filter: AuditFilter; onSearch: (filter: AuditFilter) => void; onTyping: (typing: boolean) => void };

/** isID says whether a customer or a call can be called so in the log; '' asks for none. */
const isID = (text: string) => text === '' || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** SearchForm narrows the log. Nothing is asked before the button, so that no half-typed word is searched. */
export function SearchForm({ filter, onSearch, onTyping }: SearchFormProps) {
  const say = useTexts(auditTexts);
  const parts = useTexts(partTexts);
  const kind = useKind();
  const subjects = useQuery(subjectsQuery);
  const [draft, setDraft] = useState(filter);
  const set = (change: Partial<AuditFilter>) => setDraft((before) => ({ ...before, ...change }));
  const typing = JSON.stringify(draft) !== JSON.stringify(filter);
  useEffect(() => onTyping(typing), [typing, onTyping]);
  const who = draft.person !== '' ? `person:${draft.person}` : draft.device !== '' ? `device:${draft.device}` : null;
  const list = (type: 'person' | 'device') =>
    (subjects.data?.subjects ?? []).filter((one) => one.type === type).map((one) => ({ value: `${type}:${one.id}`, label: one.label }));

  function choose(value: string | null) {
    const [type, id = ''] = (value ?? '').split(':');
    set({ person: type === 'person' ? id : '', device: type === 'device' ? id : '' });
  }

  const [asked, setAsked] = useState(false);
  const wrong = (id: string) => (asked && !isID(id) ? say('field.id.form') : undefined);

  function submit(event: FormEvent) {
    event.preventDefault();
    const next = { ...draft, text: plain(draft.text), customer: plain(draft.customer).toLowerCase(), call: plain(draft.call).toLowerCase() };
    setDraft(next);
    setAsked(true);
    if (isID(next.customer) && isID(next.call)) onSearch(next);
  }

  return (
    <form className="co-filters co-search" role="search" aria-label={say('search.label')} onSubmit={submit}>
      <ImeInput label={say('field.text')} value={draft.text} onChange={(text) => set({ text })} maxLength={200} />
      <Select
        label={say('field.who')}
        data={[
          { group: say('group.people'), items: list('person') },
          { group: say('group.devices'), items: list('device') },
        ]}
        value={who}
        onChange={choose}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': parts('filter.clear') }}
        nothingFoundMessage={say('field.who.none')}
        limit={100}
      />
      <Select
        label={say('field.kind')}
        data={[{ value: takenKinds, label: say('kind.taken') }, ...knownKinds.map((one) => ({ value: one, label: kind(one) }))]}
        value={draft.kind === '' ? null : draft.kind}
        onChange={(value) => set({ kind: value ?? '' })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': parts('filter.clear') }}
        nothingFoundMessage={say('field.kind.none')}
      />
      <TextInput type="date" label={say('field.from')} value={draft.from} max={draft.to || undefined} onChange={(event) => set({ from: event.currentTarget.value })} className="co-date" />
      <TextInput type="date" label={say('field.to')} value={draft.to} min={draft.from || undefined} onChange={(event) => set({ to: event.currentTarget.value })} className="co-date" />
      <TextInput className="co-id-field" label={say('field.customer')} value={draft.customer} error={wrong(draft.customer)} maxLength={64} spellCheck={false} autoComplete="off" onChange={(event) => set({ customer: event.currentTarget.value })} />
      <TextInput className="co-id-field" label={say('field.call')} value={draft.call} error={wrong(draft.call)} maxLength={64} spellCheck={false} autoComplete="off" onChange={(event) => set({ call: event.currentTarget.value })} />
      <div className="co-filter-acts">
        <Button type="submit">{say('search')}</Button>
        <Button
          variant="default"
          onClick={() => {
            setDraft(noFilter);
            onSearch(noFilter);
          }}
        >
          {parts('filter.clear')}
        </Button>
      </div>
    </form>
  );
}
