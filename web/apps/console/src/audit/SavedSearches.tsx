import { ActionIcon, Button, Group, Stack } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { CrossIcon } from '@sekisho/ui/icons';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { keys, noFilter, searchesQuery, type AuditFilter } from '../api/queries';
import { SavedSearch } from '../api/views';
import { Dialog } from '../parts/Dialog';
import { PlusIcon } from '../parts/icons';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { auditTexts } from './texts';

type SavedSearchesProps = { filter: AuditFilter; onSearch: (filter: AuditFilter) => void };

/** SavedSearches are the searches that this person keeps: pressed, they search. */
export function SavedSearches({ filter, onSearch }: SavedSearchesProps) {
  const say = useTexts(auditTexts);
  const saved = useQuery(searchesQuery);
  const forget = useAct((id: string) => api.tell('DELETE', `/audit/searches/${encodeURIComponent(id)}`), keys.searches);
  const [naming, setNaming] = useState(false);
  const any = JSON.stringify(filter) !== JSON.stringify(noFilter);
  const list = saved.data?.searches ?? [];
  return (
    <section className="co-saved" aria-labelledby="saved-searches">
      <h2 id="saved-searches">{say('saved')}</h2>
      {list.length === 0 && saved.isSuccess && <p className="co-quiet">{say('saved.none')}</p>}
      <ul>
        {list.map((one) => (
          <li key={one.id}>
            <Button variant="default" size="compact-md" aria-pressed={JSON.stringify({ ...noFilter, ...one.query }) === JSON.stringify(filter)} onClick={() => onSearch({ ...noFilter, ...one.query })}>
              {one.name}
            </Button>
            <ActionIcon variant="subtle" color="gray" size={26} aria-label={say('saved.delete', { name: one.name })} loading={forget.isPending && forget.variables === one.id} onClick={() => forget.mutate(one.id)}>
              <CrossIcon size={14} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {any && (
        <Button variant="default" size="compact-md" leftSection={<PlusIcon size={16} />} onClick={() => setNaming(true)}>
          {say('saved.this')}
        </Button>
      )}
      {saved.isError && <ProblemNotice problem={problemOf(saved.error)} onRetry={() => void saved.refetch()} />}
      {forget.isError && <ProblemNotice problem={problemOf(forget.error)} />}
      {naming && <NameSearch filter={filter} onClose={() => setNaming(false)} />}
    </section>
  );
}

function NameSearch({ filter, onClose }: { filter: AuditFilter; onClose: () => void }) {
  const say = useTexts(auditTexts);
  const parts = useTexts(partTexts);
  const [name, setName] = useState('');
  const [asked, setAsked] = useState(false);
  const save = useAct((named: string) => api.ask('POST', '/audit/searches', SavedSearch, { name: named, query: filter }), keys.searches);

  function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    const named = plain(name);
    if (named !== '') save.mutate(named, { onSuccess: onClose });
  }

  return (
    <Dialog title={say('saved.title')} size="lg" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <ImeInput
            label={say('saved.name')}
            description={say('saved.name.help')}
            value={name}
            onChange={setName}
            maxLength={60}
            required
            error={asked && plain(name) === '' ? say('saved.name.missing') : undefined}
            data-autofocus
          />
          {save.isError && <ProblemNotice problem={problemOf(save.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {parts('cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {parts('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
