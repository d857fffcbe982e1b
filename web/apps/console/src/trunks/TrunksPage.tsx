import { Button, Group, Stack } from '@mantine/core';
import { CheckIcon, CrossIcon, LineIcon, WaitIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '../api/client';
import { numbersQuery, telephoneKeys, trunksQuery, type OwnNumber, type Trunk } from '../api/telephoneQueries';
import { Answer } from '../parts/Answer';
import { Confirm } from '../parts/Confirm';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { PlusIcon } from '../parts/icons';
import { Mark } from '../parts/Mark';
import { PageHead } from '../parts/PageHead';
import { useAct } from '../parts/useAct';
import { useMay } from '../session/useMay';
import { NumbersBlock } from './NumbersBlock';
import { NumberForm } from './NumberForm';
import { trunkTexts } from './texts';
import { TrunkForm } from './TrunkForm';

type Open = { what: 'new' | 'number' } | { what: 'edit' | 'remove'; trunk: Trunk } | { what: 'place' | 'let'; number: OwnNumber };

/** TrunksPage shows the lines to the outside and our numbers on them; administrators change both. */
export function TrunksPage() {
  const say = useTexts(trunkTexts);
  const trunks = useQuery(trunksQuery);
  const numbers = useQuery(numbersQuery);
  const may = useMay()('administrator');
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const around = numbers.data;
  return (
    <>
      <PageHead title={say('title')} lead={may ? say('lead') : `${say('lead')} ${say('read.only')}`}>
        {may && (
          <Button leftSection={<PlusIcon size={18} />} onClick={() => setOpen({ what: 'new' })}>
            {say('new')}
          </Button>
        )}
      </PageHead>
      <Stack gap="md">
        <Answer query={trunks}>
          {(answer) => (
            <>
              {!answer.serving && <p className="co-note" data-tone="attention">{say('off.note')}</p>}
              {answer.trunks.length === 0 ? (
                <Empty icon={<LineIcon size={36} />} title={say('empty')} text={may ? say('empty.do') : ''} />
              ) : (
                <TrunkTable trunks={answer.trunks} may={may} onOpen={(what, trunk) => setOpen({ what, trunk })} />
              )}
            </>
          )}
        </Answer>
        <Answer query={numbers}>{(answer) => <NumbersBlock around={answer} may={may} onNew={() => setOpen({ what: 'number' })} onOpen={(what, number) => setOpen({ what, number })} />}</Answer>
      </Stack>
      {open?.what === 'new' && <TrunkForm trunk={null} onClose={close} />}
      {open?.what === 'edit' && <TrunkForm trunk={open.trunk} onClose={close} />}
      {open?.what === 'remove' && <RemoveTrunk trunk={open.trunk} onClose={close} />}
      {open?.what === 'number' && around && <NumberForm around={around} number={null} onClose={close} />}
      {open?.what === 'place' && around && <NumberForm around={around} number={open.number} onClose={close} />}
      {open?.what === 'let' && <LetGo number={open.number} onClose={close} />}
    </>
  );
}

function RemoveTrunk({ trunk, onClose }: { trunk: Trunk; onClose: () => void }) {
  const say = useTexts(trunkTexts);
  const remove = useAct(() => api.tell('DELETE', `/trunks/${encodeURIComponent(trunk.id)}`), telephoneKeys.trunks);
  return <Confirm title={say('remove.title', { name: trunk.name })} consequences={[say('remove.1'), say('remove.2')]} action={say('remove')} danger reason="none" onConfirm={() => remove.mutateAsync(undefined)} onClose={onClose} />;
}

function LetGo({ number, onClose }: { number: OwnNumber; onClose: () => void }) {
  const say = useTexts(trunkTexts);
  const remove = useAct(() => api.tell('DELETE', `/numbers/${encodeURIComponent(number.number)}`), telephoneKeys.numbers, telephoneKeys.trunks);
  return <Confirm title={say('let.title', { number: number.number })} consequences={[say('let.1'), say('let.2')]} action={say('remove')} danger reason="none" onConfirm={() => remove.mutateAsync(undefined)} onClose={onClose} />;
}

type TableProps = { trunks: Trunk[]; may: boolean; onOpen: (what: 'edit' | 'remove', trunk: Trunk) => void };

function TrunkTable({ trunks, may, onOpen }: TableProps) {
  const say = useTexts(trunkTexts);
  const columns = useMemo<Column<Trunk>[]>(
    () => [
      { id: 'name', label: say('name'), show: (one) => <b>{one.name}</b>, sort: (one) => one.name },
      { id: 'state', label: say('state'), show: (one) => <Standing trunk={one} />, sort: (one) => one.state },
      { id: 'in_use', label: say('in_use'), show: (one) => say('in_use.of', { count: one.in_use, most: one.max_calls }), sort: (one) => one.in_use, numbers: true },
      {
        id: 'target',
        label: say('target'),
        show: (one) => (
          <span className="co-name">
            <span className="co-id">{`${one.host}:${one.port}`}</span>
            <small>{say('target.how', { transport: one.transport.toUpperCase(), security: say(`security.short.${one.security}`) })}</small>
          </span>
        ),
        sort: (one) => one.host,
      },
      { id: 'out', label: say('out'), show: (one) => (one.out.max_calls === 0 ? say('out.none') : say('out.of', { count: one.out.max_calls, minute: one.out.per_minute })), sort: (one) => one.out.max_calls },
      { id: 'numbers', label: say('numbers'), show: (one) => one.numbers, sort: (one) => one.numbers, numbers: true },
      ...(may
        ? [
            {
              id: 'act',
              label: say('act'),
              show: (one: Trunk) => (
                <Group gap="xs" wrap="nowrap">
                  <Button variant="default" size="compact-sm" onClick={() => onOpen('edit', one)} aria-label={say('edit.of', { name: one.name })}>
                    {say('edit')}
                  </Button>
                  <Button variant="default" size="compact-sm" onClick={() => onOpen('remove', one)} aria-label={say('remove.of', { name: one.name })}>
                    {say('remove')}
                  </Button>
                </Group>
              ),
            },
          ]
        : []),
    ],
    [say, may, onOpen],
  );
  return <DataTable label={say('trunks')} rows={trunks} columns={columns} rowKey={(one) => one.id} />;
}

function Standing({ trunk }: { trunk: Trunk }) {
  const say = useTexts(trunkTexts);
  const good = trunk.state === 'ready' || trunk.state === 'registered';
  const icon = good ? <CheckIcon size={16} /> : trunk.state === 'failed' ? <CrossIcon size={16} /> : <WaitIcon size={16} />;
  return (
    <>
      <Mark tone={good ? 'open' : trunk.state === 'failed' ? 'closed' : 'quiet'} icon={icon}>
        {say(`state.${trunk.state}`)}
      </Mark>
      {trunk.code !== '' && <p className="co-quiet">{say(trunk.code === 'trunk.credentials' ? 'code.credentials' : 'code.other')}</p>}
    </>
  );
}
