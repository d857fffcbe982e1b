import { Button, Group, Stack } from '@mantine/core';
import { WaitIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '../api/client';
import { queuesQuery, telephoneKeys, type Queue } from '../api/telephoneQueries';
import { Answer } from '../parts/Answer';
import { Confirm } from '../parts/Confirm';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { PlusIcon } from '../parts/icons';
import { PageHead } from '../parts/PageHead';
import { useAct } from '../parts/useAct';
import { useMay } from '../session/useMay';
import { shellTexts } from '../shell/texts';
import { QueueForm } from './QueueForm';
import { queueTexts } from './texts';

type Open = { what: 'new' } | { what: 'edit' | 'retire'; queue: Queue };

/** QueuesPage shows where callers wait and lets supervisors set it. */
export function QueuesPage() {
  const say = useTexts(queueTexts);
  const queues = useQuery(queuesQuery);
  const allowed = useMay();
  const may = allowed('supervisor') || allowed('administrator');
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <PageHead title={say('title')} lead={may ? say('lead') : `${say('lead')} ${say('read.only')}`}>
        {may && (
          <Button leftSection={<PlusIcon size={18} />} onClick={() => setOpen({ what: 'new' })} disabled={queues.data === undefined}>
            {say('new')}
          </Button>
        )}
      </PageHead>
      <Answer query={queues}>
        {(answer) => {
          const used = answer.queues.filter((one) => !one.retired);
          const ended = answer.queues.filter((one) => one.retired);
          return (
            <Stack gap="md">
              {used.length === 0 ? <Empty icon={<WaitIcon size={36} />} title={say('empty')} text={may ? say('empty.do') : ''} /> : <QueueTable queues={used} may={may} onOpen={(what, queue) => setOpen({ what, queue })} />}
              {ended.length > 0 && (
                <details className="co-block">
                  <summary>{say('retired', { count: ended.length })}</summary>
                  <ul>
                    {ended.map((one) => (
                      <li key={one.id}>{say('work.of', { work: one.name, client: one.client_name })}</li>
                    ))}
                  </ul>
                </details>
              )}
            </Stack>
          );
        }}
      </Answer>
      {open?.what === 'new' && queues.data && <QueueForm around={queues.data} queue={null} onClose={close} />}
      {open?.what === 'edit' && queues.data && <QueueForm around={queues.data} queue={open.queue} onClose={close} />}
      {open?.what === 'retire' && <Retire queue={open.queue} onClose={close} />}
    </>
  );
}

function Retire({ queue, onClose }: { queue: Queue; onClose: () => void }) {
  const say = useTexts(queueTexts);
  const retire = useAct(() => api.tell('POST', `/queues/${encodeURIComponent(queue.id)}/retire`), telephoneKeys.queues);
  return <Confirm title={say('retire.title', { name: queue.name })} consequences={[say('retire.1'), say('retire.2')]} action={say('retire')} danger reason="none" onConfirm={() => retire.mutateAsync(undefined)} onClose={onClose} />;
}

type TableProps = { queues: Queue[]; may: boolean; onOpen: (what: 'edit' | 'retire', queue: Queue) => void };

function QueueTable({ queues, may, onOpen }: TableProps) {
  const say = useTexts(queueTexts);
  const shell = useTexts(shellTexts);
  const columns = useMemo<Column<Queue>[]>(() => {
    const places = ({ settings: { home, office } }: Queue) => say(home && office ? 'places.both' : home ? 'places.home' : 'places.office');
    return [
      { id: 'name', label: say('col.name'), show: (one) => <b>{one.name}</b>, sort: (one) => one.name },
      { id: 'work', label: say('col.work'), show: (one) => <span className="co-name">{one.work_name}<small>{one.client_name}</small></span>, sort: (one) => one.work_name },
      { id: 'now', label: say('col.now'), show: (one) => say('now.of', { waiting: one.waiting, talking: one.talking, ready: one.ready }), sort: (one) => one.waiting, numbers: true },
      {
        id: 'rule',
        label: say('col.rule'),
        show: (one) => (
          <span className="co-name">
            {say(`strategy.${one.settings.strategy}`)}
            {one.settings.skills.length > 0 && <small>{say('skills.of', { names: one.settings.skills.map((skill) => say('skill.of', skill)).join(shell('list.separator')) })}</small>}
          </span>
        ),
        sort: (one) => one.settings.strategy,
      },
      { id: 'place', label: say('col.place'), show: places, sort: places },
      { id: 'target', label: say('col.target'), show: (one) => say('target.of', { count: one.settings.target }), sort: (one) => one.settings.target, numbers: true },
      ...(may
        ? [
            {
              id: 'act',
              label: say('col.act'),
              show: (one: Queue) => (
                <Group gap="xs" wrap="nowrap">
                  <Button variant="default" size="compact-sm" onClick={() => onOpen('edit', one)} aria-label={say('edit.of', { name: one.name })}>
                    {say('edit')}
                  </Button>
                  <Button variant="default" size="compact-sm" onClick={() => onOpen('retire', one)} aria-label={say('retire.of', { name: one.name })}>
                    {say('retire')}
                  </Button>
                </Group>
              ),
            },
          ]
        : []),
    ];
  }, [say, shell, may, onOpen]);
  return <DataTable label={say('title')} rows={queues} columns={columns} rowKey={(one) => one.id} />;
}
