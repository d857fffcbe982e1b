import { Button, Group } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import type { Pool } from '../api/poolQueries';
import { deviceTexts } from '../devices/texts';
import type { Out } from './dialogs';
import './pools.css';
import { poolTexts } from './texts';

type Props = { pool: Pool; may: boolean; onAdd: (kind: 'person' | 'pc') => void; onOut: (out: Out) => void; onEnd: () => void };

/** PoolBlock is one group: its people, its PCs, and what an administrator may do. */
export function PoolBlock({ pool, may, onAdd, onOut, onEnd }: Props) {
  const say = useTexts(poolTexts);
  const states = useTexts(deviceTexts);
  const stateOf = (state: string) => (state === 'pending' || state === 'suspended' ? states(`state.${state}`) : undefined);
  const people = pool.people.map((one) => ({ key: one.person, label: one.name, out: { kind: 'people', id: one.person, label: one.name } as const, note: '' }));
  const pcs = pool.pcs.map((one) => ({ key: one.device, label: one.asset_tag, out: { kind: 'pcs', id: one.device, label: one.asset_tag } as const, note: stateOf(one.state) ?? say(one.key ? 'key.yes' : 'key.no') }));
  return (
    <section className="co-block" aria-labelledby={`pool-${pool.id}`}>
      <Group justify="space-between" mb="xs">
        <h2 id={`pool-${pool.id}`}>{pool.name}</h2>
        {may && (
          <Button variant="default" size="compact-md" onClick={onEnd} aria-label={say('end.of', { name: pool.name })}>
            {say('end')}
          </Button>
        )}
      </Group>
      {pool.client !== '' && <p className="co-quiet">{say('client.of', { name: pool.client_name })}</p>}
      <Rows title={say('people', { count: String(pool.people.length) })} none={say('people.none')} rows={people} add={say('person.add')} addOf={say('person.add.of', { name: pool.name })} may={may} onAdd={() => onAdd('person')} onOut={onOut} />
      <Rows title={say('pcs', { count: String(pool.pcs.length) })} none={say('pcs.none')} rows={pcs} add={say('pc.add')} addOf={say('pc.add.of', { name: pool.name })} may={may} onAdd={() => onAdd('pc')} onOut={onOut} />
    </section>
  );
}

type Row = { key: string; label: string; note: string; out: Out };
type RowsProps = { title: string; none: string; rows: Row[]; add: string; addOf: string; may: boolean; onAdd: () => void; onOut: (out: Out) => void };

function Rows({ title, none, rows, add, addOf, may, onAdd, onOut }: RowsProps) {
  const say = useTexts(poolTexts);
  return (
    <>
      <Group justify="space-between" mt="md">
        <h3>{title}</h3>
        {may && (
          <Button variant="default" size="compact-sm" onClick={onAdd} aria-label={addOf}>
            {add}
          </Button>
        )}
      </Group>
      {rows.length === 0 ? (
        <p className="co-quiet">{none}</p>
      ) : (
        <ul className="co-pool">
          {rows.map((row) => (
            <li key={row.key}>
              <span className="co-pool-name">{row.label}</span>
              {row.note !== '' && <span className="co-quiet">{row.note}</span>}
              {may && (
                <Button variant="subtle" size="compact-sm" onClick={() => onOut(row.out)} aria-label={say('out.of', { what: row.label })}>
                  {say('out')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
