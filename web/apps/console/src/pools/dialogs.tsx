import { Select, TextInput } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { clientsQuery } from '../api/clientQueries';
import { Pool, poolKeys } from '../api/poolQueries';
import { keys } from '../api/queries';
import { Form } from '../clients/Form';
import { Confirm } from '../parts/Confirm';
import { PersonSelect } from '../parts/PersonSelect';
import { useAct } from '../parts/useAct';
import { DeviceSelect } from './DeviceSelect';
import { poolTexts } from './texts';

/** Out is who or what is taken out of a group. */
export type Out = { kind: 'people' | 'pcs'; id: string; label: string };

/** NewDialog makes an empty group. */
export function NewDialog({ onClose }: { onClose: () => void }) {
  const say = useTexts(poolTexts);
  const clients = useQuery(clientsQuery);
  const [name, setName] = useState('');
  const [client, setClient] = useState('');
  const [missing, setMissing] = useState(false);
  const make = useAct((body: { name: string; client: string }) => api.ask('POST', '/pools', Pool, body), poolKeys.pools);
  const tidy = name.normalize('NFKC').trim();
  const standing = (clients.data?.clients ?? []).filter((one) => one.ended === null);
  return (
    <Form
      title={say('new')}
      action={say('new')}
      ready={() => {
        setMissing(tidy === '');
        return tidy !== '';
      }}
      onSubmit={() => make.mutateAsync({ name: tidy, client })}
      onClose={onClose}
    >
      <TextInput label={say('name')} description={say('name.help')} value={name} onChange={(event) => setName(event.currentTarget.value)} error={missing && tidy === '' ? say('name.missing') : undefined} maxLength={60} data-autofocus />
      <Select
        label={say('client')}
        description={say('client.help')}
        data={[{ value: '', label: say('client.none') }, ...standing.map((one) => ({ value: one.id, label: one.name }))]}
        value={client}
        onChange={(value) => setClient(value ?? '')}
        allowDeselect={false}
      />
    </Form>
  );
}

/** AddDialog adds one person or one PC, of those who can be added. */
export function AddDialog({ kind, pool, onClose }: { kind: 'person' | 'pc'; pool: Pool; onClose: () => void }) {
  const say = useTexts(poolTexts);
  const [id, setID] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const add = useAct((one: string) => api.ask('PUT', `/pools/${pool.id}/${kind === 'person' ? 'people' : 'pcs'}/${one}`, Pool), poolKeys.pools, keys.devices);
  const label = kind === 'person' ? 'person' : 'pc';
  return (
    <Form
      title={say(`${label}.add.of`, { name: pool.name })}
      action={say(`${label}.add`)}
      ready={() => {
        setMissing(id === null);
        return id !== null;
      }}
      onSubmit={() => add.mutateAsync(id ?? '')}
      onClose={onClose}
    >
      {kind === 'person' ? (
        <PersonSelect
          label={say('person')}
          role="operator"
          fits={(one) => !pool.people.some((in_) => in_.person === one.id)}
          value={id ?? ''}
          onChange={(one) => setID(one === '' ? null : one)}
          none={say('person.nobody')}
          error={missing && id === null ? say('person.missing') : undefined}
          autofocus
        />
      ) : (
        <DeviceSelect
          label={say('pc')}
          description={say('pc.help')}
          fits={(one) => !pool.pcs.some((in_) => in_.device === one.id)}
          value={id ?? ''}
          onChange={(one) => setID(one === '' ? null : one)}
          none={say('pc.nothing')}
          error={missing && id === null ? say('pc.missing') : undefined}
        />
      )}
    </Form>
  );
}

/** OutDialog says what happens before somebody or something is taken out. */
export function OutDialog({ pool, out, onClose }: { pool: Pool; out: Out; onClose: () => void }) {
  const say = useTexts(poolTexts);
  const take = useAct(() => api.ask('DELETE', `/pools/${pool.id}/${out.kind}/${out.id}`, Pool), poolKeys.pools, keys.devices);
  const about = out.kind === 'people' ? ([say('out.person.1'), say('out.person.2')] as string[]) : [say('out.pc.1'), say('out.pc.2')];
  return <Confirm title={say('out.of', { what: out.label })} consequences={about} action={say('out')} danger reason="none" onConfirm={() => take.mutateAsync(undefined)} onClose={onClose} />;
}

/** EndDialog dissolves a group. */
export function EndDialog({ pool, onClose }: { pool: Pool; onClose: () => void }) {
  const say = useTexts(poolTexts);
  const end = useAct(() => api.tell('DELETE', `/pools/${pool.id}`), poolKeys.pools, keys.devices);
  return <Confirm title={say('end.of', { name: pool.name })} consequences={[say('end.1'), say('end.2')]} action={say('end')} danger reason="none" onConfirm={() => end.mutateAsync(undefined)} onClose={onClose} />;
}
