import { Button } from '@mantine/core';
import { CheckIcon, KeyIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { OwnRole, roleKeys, rolesQuery } from '../api/roleQueries';
import { Answer } from '../parts/Answer';
import { Confirm } from '../parts/Confirm';
import { Empty } from '../parts/Empty';
import { PlusIcon } from '../parts/icons';
import { PageHead } from '../parts/PageHead';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import type { RoleDraft } from './draft';
import { GiveForm } from './GiveForm';
import { RoleCard } from './RoleCard';
import { RoleForm } from './RoleForm';
import { roleTexts } from './texts';

type Open = { what: 'make' } | { what: 'edit' | 'give' | 'delete'; role: OwnRole } | { what: 'take'; role: OwnRole; person: { id: string; name: string } };
type Ask = { method: 'POST' | 'PUT'; path: string; body: RoleDraft | (RoleDraft & { seen: number }) | { seen: number } };

const of = (role: OwnRole, person?: string) => `/roles/${encodeURIComponent(role.id)}${person === undefined ? '' : `/people/${encodeURIComponent(person)}`}`;

/** RolesPage is where administrators make roles of their own and give them. */
export function RolesPage() {
  const say = useTexts(roleTexts);
  const parts = useTexts(partTexts);
  const roles = useQuery(rolesQuery);
  const [open, setOpen] = useState<Open | null>(null);
  const [waiting, setWaiting] = useState(false);
  const act = useAct(({ method, path, body }: Ask) => api.ask(method, path, OwnRole, body), roleKeys.roles, keys.acts);
  const end = useAct((path: string) => api.tell('DELETE', path), roleKeys.roles);
  const ask = (what: Ask) => {
    setWaiting(false);
    return act.mutateAsync(what);
  };
  const asked = () => setWaiting(true);
  const close = () => setOpen(null);
  const rights = roles.data?.rights ?? [];
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')}>
        <Button leftSection={<PlusIcon size={18} />} onClick={() => setOpen({ what: 'make' })} disabled={!roles.data}>
          {say('new')}
        </Button>
      </PageHead>
      <div role="status">
        {waiting && (
          <p className="co-note" data-tone="open">
            <CheckIcon size={18} />
            <span>{say('asked')}</span>
          </p>
        )}
      </div>
      <Answer query={roles}>
        {(answer) =>
          answer.roles.length === 0 ? (
            <Empty icon={<KeyIcon size={36} />} title={say('empty')} text={say('empty.do')} />
          ) : (
            answer.roles.map((role) => (
              <RoleCard
                key={role.id}
                role={role}
                onEdit={() => setOpen({ what: 'edit', role })}
                onGive={() => setOpen({ what: 'give', role })}
                onDelete={() => setOpen({ what: 'delete', role })}
                onTake={(person) => setOpen({ what: 'take', role, person })}
              />
            ))
          )
        }
      </Answer>
      {open?.what === 'make' && <RoleForm title={say('new')} action={say('new')} start={{ name: '', rights: [] }} rights={rights} onSubmit={(body) => ask({ method: 'POST', path: '/roles', body })} onAsked={asked} onClose={close} />}
      {open?.what === 'edit' && (
        <RoleForm
          title={say('edit.of', { name: open.role.name })}
          action={parts('save')}
          start={{ name: open.role.name, rights: open.role.rights }}
          rights={rights}
          onSubmit={(draft) => ask({ method: 'PUT', path: of(open.role), body: { ...draft, seen: open.role.version } })}
          onAsked={asked}
          onClose={close}
        />
      )}
      {open?.what === 'give' && <GiveForm role={open.role} onSubmit={(person) => ask({ method: 'PUT', path: of(open.role, person), body: { seen: open.role.version } })} onAsked={asked} onClose={close} />}
      {open?.what === 'take' && (
        <Confirm
          title={say('take.of', { name: open.role.name, person: open.person.name })}
          consequences={[say('take.1')]}
          action={say('take')}
          danger
          reason="none"
          onConfirm={() => end.mutateAsync(of(open.role, open.person.id))}
          onClose={close}
        />
      )}
      {open?.what === 'delete' && (
        <Confirm title={say('delete.of', { name: open.role.name })} consequences={[say('delete.1')]} action={say('delete')} danger reason="none" onConfirm={() => end.mutateAsync(of(open.role))} onClose={close} />
      )}
    </>
  );
}
