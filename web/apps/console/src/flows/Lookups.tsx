import { Button, Group, TextInput } from '@mantine/core';
import { GlobeIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, query } from '../api/client';
import { flowKeys, LookupSaved, type Lookup } from '../api/flowQueries';
import { sessionQuery } from '../api/queries';
import { Form } from '../clients/Form';
import { Confirm } from '../parts/Confirm';
import { DataTable, type Column } from '../parts/DataTable';
import { Dialog } from '../parts/Dialog';
import { Empty } from '../parts/Empty';
import { Mark } from '../parts/Mark';
import { Once } from '../parts/Once';
import { useAct } from '../parts/useAct';
import { flowPartTexts } from './partTexts';

type Open = { is: 'new' } | { is: 'change' | 'delete'; lookup: Lookup } | { is: 'key'; name: string; key: string } | null;

/** Lookups are the other systems that flows may ask. What callers enter goes there, so that only administrators name them. */
export function Lookups({ client, lookups }: { client: string; lookups: Lookup[] }) {
  const say = useTexts(flowPartTexts);
  const may = useQuery(sessionQuery).data?.person?.roles.includes('administrator') ?? false;
  const [open, setOpen] = useState<Open>(null);
  const remove = useAct((id: string) => api.tell('DELETE', query(`/lookups/${id}`, { client })), flowKeys.parts(client));
  const columns: Column<Lookup>[] = [
    { id: 'name', label: say('name'), show: (one) => <b>{one.name}</b>, sort: (one) => one.name },
    { id: 'host', label: say('lookup.host'), show: (one) => one.host, sort: (one) => one.host },
    { id: 'state', label: say('tab.lookups'), show: (one) => (one.stopped ? <Mark tone="closed">{say('lookup.stopped')}</Mark> : <Mark tone="open">{say('lookup.works')}</Mark>), sort: (one) => String(one.stopped) },
  ];
  if (may)
    columns.push({
      id: 'acts',
      label: say('change'),
      show: (one) => (
        <Group gap={8} wrap="nowrap">
          <Button variant="default" size="compact-sm" aria-label={say('change.of', { name: one.name })} onClick={() => setOpen({ is: 'change', lookup: one })}>
            {say('change')}
          </Button>
          <Button variant="subtle" size="compact-sm" aria-label={say('delete.of', { name: one.name })} onClick={() => setOpen({ is: 'delete', lookup: one })}>
            {say('delete')}
          </Button>
        </Group>
      ),
    });
  const make = may && <Button onClick={() => setOpen({ is: 'new' })}>{say('lookup.new')}</Button>;
  return (
    <>
      {lookups.length === 0 ? (
        <Empty icon={<GlobeIcon size={36} />} title={say('lookup.none')} text={say('lookup.none.do')}>{make}</Empty>
      ) : (
        <>
          <Group justify="flex-end" mb="sm">{make}</Group>
          <DataTable label={say('tab.lookups')} rows={lookups} columns={columns} rowKey={(one) => one.id} />
        </>
      )}
      {(open?.is === 'new' || open?.is === 'change') && (
        <LookupForm client={client} start={open.is === 'change' ? open.lookup : null} onSaved={(name, key) => setOpen({ is: 'key', name, key })} onClose={() => setOpen((now) => (now?.is === 'key' ? now : null))} />
      )}
      {open?.is === 'key' && (
        <Dialog title={`${say('lookup.key')}: ${open.name}`} size="lg" onClose={() => setOpen(null)} holds>
          <p>{say('lookup.key.once')}</p>
          <Once label={say('lookup.key')} text={open.key} />
          <Group justify="flex-end" mt="md">
            <Button onClick={() => setOpen(null)}>{say('lookup.key.done')}</Button>
          </Group>
        </Dialog>
      )}
      {open?.is === 'delete' && (
        <Confirm title={say('delete.of', { name: open.lookup.name })} consequences={[say('delete.back')]} action={say('delete')} danger reason="none" onConfirm={() => remove.mutateAsync(open.lookup.id)} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

function LookupForm({ client, start, onSaved, onClose }: { client: string; start: Lookup | null; onSaved: (name: string, key: string) => void; onClose: () => void }) {
  const say = useTexts(flowPartTexts);
  const [name, setName] = useState(start?.name ?? '');
  const [url, setURL] = useState('');
  const [tried, setTried] = useState(false);
  const tidy = name.normalize('NFKC').trim();
  const save = useAct(() => api.ask('PUT', '/lookups', LookupSaved, { id: start?.id ?? '', client, seen: start?.edit ?? 0, name: tidy, url: url.trim() }), flowKeys.parts(client));
  const ready = () => {
    setTried(true);
    return tidy !== '' && url.trim() !== '';
  };
  return (
    <Form
      title={start ? say('change.of', { name: start.name }) : say('lookup.new')}
      action={say('save')}
      ready={ready}
      onSubmit={async () => {
        const saved = await save.mutateAsync();
        onSaved(saved.lookup.name, saved.key);
      }}
      onClose={onClose}
    >
      <TextInput label={say('name')} value={name} onChange={(event) => setName(event.currentTarget.value)} error={tried && tidy === '' ? say('name.missing') : undefined} maxLength={100} data-autofocus />
      <TextInput label={say('lookup.url')} description={say('lookup.url.help')} type="url" value={url} onChange={(event) => setURL(event.currentTarget.value)} error={tried && url.trim() === '' ? say('lookup.url.missing') : undefined} maxLength={500} placeholder="https://" />
    </Form>
  );
}
