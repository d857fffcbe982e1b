import { Button, Group } from '@mantine/core';
import { CheckIcon, PeopleIcon, WaitIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useMemo, useState } from 'react';
import { api } from '../api/client';
import { clientKeys } from '../api/clientQueries';
import type { Assignment, ClientFile } from '../api/clientViews';
import { Confirm } from '../parts/Confirm';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { PlusIcon } from '../parts/icons';
import { Mark } from '../parts/Mark';
import { useAct } from '../parts/useAct';
import { AssignForm, LastDayForm } from './AssignForm';
import { clientTexts } from './texts';

type Open = { what: 'new' } | { what: 'shorten' | 'withdraw'; one: Assignment };

/** Assignments are the people on a client's works, with their days. */
export function Assignments({ file, may }: { file: ClientFile; may: boolean }) {
  const say = useTexts(clientTexts);
  const [open, setOpen] = useState<Open | null>(null);
  return (
    <section className="co-block" aria-labelledby="assigned">
      <Group justify="space-between" mb="sm">
        <h2 id="assigned">{say('people')}</h2>
        {may && file.works.length > 0 && (
          <Button variant="default" size="compact-md" leftSection={<PlusIcon size={18} />} onClick={() => setOpen({ what: 'new' })}>
            {say('assign')}
          </Button>
        )}
      </Group>
      {file.assignments.length === 0 ? (
        <Empty icon={<PeopleIcon size={36} />} title={say('people.none')} text={may ? say('people.none.do') : ''} />
      ) : (
        <AssignmentTable file={file} may={may} onOpen={setOpen} />
      )}
      {open?.what === 'new' && <AssignForm works={file.works} onClose={() => setOpen(null)} />}
      {open?.what === 'shorten' && <LastDayForm assignment={open.one} onClose={() => setOpen(null)} />}
      {open?.what === 'withdraw' && <Withdrawal assignment={open.one} onClose={() => setOpen(null)} />}
    </section>
  );
}

function AssignmentTable({ file, may, onOpen }: { file: ClientFile; may: boolean; onOpen: (open: Open) => void }) {
  const say = useTexts(clientTexts);
  const columns = useMemo<Column<Assignment>[]>(() => {
    const work = (one: Assignment) => file.works.find((known) => known.id === one.work)?.name ?? '';
    return [
      { id: 'person', label: say('col.person'), show: (one) => <b>{one.name}</b>, sort: (one) => one.name },
      { id: 'work', label: say('col.work'), show: work, sort: work },
      { id: 'days', label: say('col.days'), show: (one) => (one.until === '' ? say('days.open', { from: one.from }) : say('days', { from: one.from, until: one.until })), sort: (one) => one.from, numbers: true },
      { id: 'sub', label: say('col.sub'), show: (one) => say(one.subcontracted ? 'sub.yes' : 'sub.no'), sort: (one) => (one.subcontracted ? 1 : 0) },
      { id: 'now', label: say('col.now'), show: (one) => <Now yes={one.today} />, sort: (one) => (one.today ? 0 : 1) },
      ...(may
        ? [
            {
              id: 'act',
              label: say('col.act'),
              show: (one: Assignment) => (
                <Group gap="xs" wrap="nowrap">
                  <Button variant="default" size="compact-sm" onClick={() => onOpen({ what: 'shorten', one })} aria-label={say('shorten.of', { name: one.name })}>
                    {say('shorten')}
                  </Button>
                  <Button variant="default" size="compact-sm" onClick={() => onOpen({ what: 'withdraw', one })} aria-label={say('withdraw.of', { name: one.name })}>
                    {say('withdraw')}
                  </Button>
                </Group>
              ),
            },
          ]
        : []),
    ];
  }, [say, file.works, may, onOpen]);
  return <DataTable label={say('people.list')} rows={file.assignments} columns={columns} rowKey={(one) => one.id} />;
}

function Now({ yes }: { yes: boolean }) {
  const say = useTexts(clientTexts);
  return (
    <Mark tone={yes ? 'open' : 'quiet'} icon={yes ? <CheckIcon size={16} /> : <WaitIcon size={16} />}>
      {say(yes ? 'now.yes' : 'now.no')}
    </Mark>
  );
}

function Withdrawal({ assignment, onClose }: { assignment: Assignment; onClose: () => void }) {
  const say = useTexts(clientTexts);
  const withdraw = useAct(() => api.tell('DELETE', `/assignments/${encodeURIComponent(assignment.id)}`), clientKeys.clients);
  return (
    <Confirm
      title={say('withdraw.title', { name: assignment.name })}
      consequences={[say('withdraw.1'), say('withdraw.2')]}
      action={say('withdraw')}
      danger
      reason="none"
      onConfirm={() => withdraw.mutateAsync()}
      onClose={onClose}
    />
  );
}
