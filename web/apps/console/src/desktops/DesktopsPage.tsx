import { Button, Group } from '@mantine/core';
import { ScreenIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { Fragment, useMemo, useRef, useState } from 'react';
import { api } from '../api/client';
import { desktopsQuery, keys } from '../api/queries';
import { Desktop, levels } from '../api/views';
import { Answer } from '../parts/Answer';
import { Confirm } from '../parts/Confirm';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { PlusIcon } from '../parts/icons';
import { PageHead } from '../parts/PageHead';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { shellTexts } from '../shell/texts';
import { draftOf, emptyDraft, isTouched, sent, type Draft } from './draft';
import { DesktopForm } from './DesktopForm';
import { ReachDialog } from './ReachDialog';
import { desktopTexts } from './texts';

type Open = { what: 'new' } | { what: 'edit' | 'reach' | 'delete'; desktop: Desktop };

const path = (desktop: Desktop) => `/desktops/${encodeURIComponent(desktop.id)}`;

/** setLevel follows what else was saved, by itself: a lower level waits for a second administrator. */
async function setLevel(saved: Desktop, { level }: Draft): Promise<Desktop> {
  return saved.level === level ? saved : api.ask('PATCH', path(saved), Desktop, { level });
}

/** DesktopsPage names the desktops that can be reached, and by whom. */
export function DesktopsPage() {
  const say = useTexts(desktopTexts);
  const desktops = useQuery(desktopsQuery);
  const [open, setOpen] = useState<Open | null>(null);
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')}>
        <Button leftSection={<PlusIcon size={18} />} onClick={() => setOpen({ what: 'new' })}>
          {say('new')}
        </Button>
      </PageHead>
      <Answer query={desktops}>
        {(answer) =>
          answer.desktops.length === 0 ? (
            <Empty icon={<ScreenIcon size={36} />} title={say('empty')} text={say('empty.do')} />
          ) : (
            <DesktopTable desktops={answer.desktops} onOpen={setOpen} />
          )
        }
      </Answer>
      {open?.what === 'new' && <Creation onClose={() => setOpen(null)} />}
      {open?.what === 'edit' && <Settings desktop={open.desktop} onDelete={() => setOpen({ what: 'delete', desktop: open.desktop })} onClose={() => setOpen(null)} />}
      {open?.what === 'reach' && <ReachDialog desktop={open.desktop} onClose={() => setOpen(null)} />}
      {open?.what === 'delete' && <Removal desktop={open.desktop} onClose={() => setOpen(null)} />}
    </>
  );
}

function Creation({ onClose }: { onClose: () => void }) {
  const say = useTexts(desktopTexts);
  const made = useRef<Desktop | null>(null); // by a first try, whose level was refused
  const create = useAct(async (draft: Draft) => {
    if (made.current === null) made.current = await api.ask('POST', '/desktops', Desktop, sent(draft));
    else if (isTouched(draft, made.current)) made.current = await api.ask('PATCH', path(made.current), Desktop, sent(draft));
    return setLevel(made.current, draft);
  }, keys.desktops);
  return <DesktopForm title={say('form.new')} start={emptyDraft} hasSecret={false} action={say('create')} onSubmit={(draft) => create.mutateAsync(draft)} onClose={onClose} />;
}

function Settings({ desktop, onDelete, onClose }: { desktop: Desktop; onDelete: () => void; onClose: () => void }) {
  const say = useTexts(desktopTexts);
  const parts = useTexts(partTexts);
  const change = useAct(async (draft: Draft) => setLevel(isTouched(draft, desktop) ? await api.ask('PATCH', path(desktop), Desktop, sent(draft)) : desktop, draft), keys.desktops);
  return (
    <DesktopForm
      title={say('form.edit', { name: desktop.name })}
      start={draftOf(desktop)}
      hasSecret={desktop.has_secret}
      action={parts('save')}
      onSubmit={(draft) => change.mutateAsync(draft)}
      onClose={onClose}
    >
      <Button variant="default" c="beni.7" onClick={onDelete}>
        {say('delete')}
      </Button>
    </DesktopForm>
  );
}

function Removal({ desktop, onClose }: { desktop: Desktop; onClose: () => void }) {
  const say = useTexts(desktopTexts);
  const remove = useAct(() => api.tell('DELETE', path(desktop)), keys.desktops);
  return (
    <Confirm
      title={say('delete.title', { name: desktop.name })}
      consequences={[say('delete.1'), say('delete.2')]}
      action={say('delete')}
      danger
      reason="none"
      onConfirm={() => remove.mutateAsync()}
      onClose={onClose}
    />
  );
}

function DesktopTable({ desktops, onOpen }: { desktops: Desktop[]; onOpen: (open: Open) => void }) {
  const say = useTexts(desktopTexts);
  const shell = useTexts(shellTexts);
  const columns = useMemo<Column<Desktop>[]>(
    () => [
      { id: 'name', label: say('col.name'), show: (one) => <b>{one.name}</b>, sort: (one) => one.name },
      { id: 'target', label: say('col.target'), show: (one) => <span className="co-id">{`${one.host}:${one.port}`}</span>, sort: (one) => `${one.host}:${one.port}` },
      { id: 'secret', label: say('col.secret'), show: (one) => say(one.has_secret ? 'secret.set' : 'secret.none'), sort: (one) => (one.has_secret ? 1 : 0) },
      { id: 'level', label: say('col.level'), show: (one) => say(`level.${one.level}`), sort: (one) => levels.indexOf(one.level) },
      {
        id: 'people',
        label: say('col.people'),
        show: (one) => (one.people.length === 0 ? say('people.none') : <Names names={one.people.map((person) => person.name)} separator={shell('list.separator')} more={(count) => say('people.count', { count })} />),
        sort: (one) => one.people.length,
      },
      {
        id: 'act',
        label: say('col.act'),
        show: (one) => (
          <Group gap="xs" wrap="nowrap">
            <Button variant="default" size="compact-sm" onClick={() => onOpen({ what: 'reach', desktop: one })} aria-label={say('reach.of', { name: one.name })}>
              {say('reach')}
            </Button>
            <Button variant="default" size="compact-sm" onClick={() => onOpen({ what: 'edit', desktop: one })} aria-label={say('edit.of', { name: one.name })}>
              {say('edit')}
            </Button>
          </Group>
        ),
      },
    ],
    [say, shell, onOpen],
  );
  return <DataTable label={say('title')} rows={desktops} columns={columns} rowKey={(one) => one.id} />;
}

const shownNames = 4;

function Names({ names, separator, more }: { names: string[]; separator: string; more: (count: number) => string }) {
  return (
    <>
      {names.slice(0, shownNames).map((name, index) => (
        <Fragment key={index}>
          {index > 0 && separator}
          <span className="co-whole">{name}</span>
        </Fragment>
      ))}
      {names.length > shownNames && ` … ${more(names.length)}`}
    </>
  );
}
