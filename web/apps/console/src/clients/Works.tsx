import { Button, Group, Select, Text } from '@mantine/core';
import { InfoIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '../api/client';
import { clientKeys } from '../api/clientQueries';
import { Work, type ClientFile } from '../api/clientViews';
import { desktopsQuery } from '../api/queries';
import { Answer } from '../parts/Answer';
import { Confirm } from '../parts/Confirm';
import { DataTable, type Column } from '../parts/DataTable';
import { PlusIcon } from '../parts/icons';
import { Mark } from '../parts/Mark';
import { useAct } from '../parts/useAct';
import { shellTexts } from '../shell/texts';
import { Form } from './Form';
import { NameForm } from './NameForm';
import { clientTexts } from './texts';

type Open = { what: 'new' } | { what: 'desktop' | 'switch'; work: Work };

/** Works are what is done for a client, and the desktops that belong to each. */
export function Works({ file, may }: { file: ClientFile; may: boolean }) {
  const say = useTexts(clientTexts);
  const [open, setOpen] = useState<Open | null>(null);
  const add = useAct((name: string) => api.ask('POST', `/clients/${encodeURIComponent(file.client.id)}/works`, Work, { name }), clientKeys.clients);
  return (
    <section className="co-block" aria-labelledby="works">
      <Group justify="space-between" mb="sm">
        <h2 id="works">{say('works')}</h2>
        {may && (
          <Button variant="default" size="compact-md" leftSection={<PlusIcon size={18} />} onClick={() => setOpen({ what: 'new' })}>
            {say('work.new')}
          </Button>
        )}
      </Group>
      {file.works.length === 0 ? <p className="co-quiet">{say('work.none')}</p> : <WorkTable works={file.works} may={may} onOpen={setOpen} />}
      {open?.what === 'new' && <NameForm title={say('work.new')} action={say('add')} start="" onSubmit={(name) => add.mutateAsync(name)} onClose={() => setOpen(null)} />}
      {open?.what === 'desktop' && <DesktopForm work={open.work} onClose={() => setOpen(null)} />}
      {open?.what === 'switch' && <Switch work={open.work} onClose={() => setOpen(null)} />}
    </section>
  );
}

function WorkTable({ works, may, onOpen }: { works: Work[]; may: boolean; onOpen: (open: Open) => void }) {
  const say = useTexts(clientTexts);
  const shell = useTexts(shellTexts);
  const columns = useMemo<Column<Work>[]>(
    () => [
      {
        id: 'name',
        label: say('col.work'),
        show: (one) => (
          <Group gap="xs">
            <b>{one.name}</b>
            {one.ended !== null && (
              <Mark tone="quiet" icon={<InfoIcon size={16} />}>
                {say('work.ended')}
              </Mark>
            )}
          </Group>
        ),
        sort: (one) => one.name,
      },
      {
        id: 'desktops',
        label: say('desktops'),
        show: (one) => (one.desktops.length === 0 ? say('desktops.none') : one.desktops.map((desktop) => desktop.name).join(shell('list.separator'))),
      },
      ...(may
        ? [
            {
              id: 'act',
              label: say('col.act'),
              show: (one: Work) => (
                <Group gap="xs">
                  {one.ended === null && (
                    <Button variant="default" size="compact-sm" onClick={() => onOpen({ what: 'desktop', work: one })} aria-label={say('desktop.add.of', { name: one.name })}>
                      {say('desktop.add')}
                    </Button>
                  )}
                  <Button variant="default" size="compact-sm" onClick={() => onOpen({ what: 'switch', work: one })} aria-label={say(one.ended === null ? 'work.end.of' : 'work.resume.of', { name: one.name })}>
                    {say(one.ended === null ? 'work.end' : 'work.resume')}
                  </Button>
                </Group>
              ),
            },
          ]
        : []),
    ],
    [say, shell, may, onOpen],
  );
  return <DataTable label={say('works.list')} rows={works} columns={columns} rowKey={(one) => one.id} />;
}

function DesktopForm({ work, onClose }: { work: Work; onClose: () => void }) {
  const say = useTexts(clientTexts);
  const desktops = useQuery(desktopsQuery);
  const [chosen, setChosen] = useState('');
  const [asked, setAsked] = useState(false);
  const place = useAct((desktop: string) => api.tell('PUT', `/works/${encodeURIComponent(work.id)}/desktops/${encodeURIComponent(desktop)}`), clientKeys.clients);
  return (
    <Form
      title={say('desktop.title', { name: work.name })}
      action={say('add')}
      ready={() => {
        setAsked(true);
        return chosen !== '';
      }}
      onSubmit={() => place.mutateAsync(chosen)}
      onClose={onClose}
    >
      <Text size="sm">{say('desktop.help')}</Text>
      <Answer query={desktops}>
        {(answer) =>
          answer.desktops.length === 0 ? (
            <p className="co-nothing">{say('desktop.empty')}</p>
          ) : (
            <Select
              label={say('desktops')}
              data={answer.desktops.map((one) => ({ value: one.id, label: one.name }))}
              value={chosen}
              onChange={(value) => setChosen(value ?? '')}
              searchable
              required
              error={asked && chosen === '' ? say('desktop.missing') : undefined}
              data-autofocus
            />
          )
        }
      </Answer>
    </Form>
  );
}

function Switch({ work, onClose }: { work: Work; onClose: () => void }) {
  const say = useTexts(clientTexts);
  const act = work.ended === null ? 'work.end' : 'work.resume';
  const change = useAct(() => api.ask('PATCH', `/works/${encodeURIComponent(work.id)}`, Work, { ended: act === 'work.end' }), clientKeys.clients);
  return (
    <Confirm
      title={say(`${act}.title`, { name: work.name })}
      consequences={[say(`${act}.1`)]}
      action={say(act)}
      danger={act === 'work.end'}
      reason="none"
      onConfirm={() => change.mutateAsync()}
      onClose={onClose}
    />
  );
}
