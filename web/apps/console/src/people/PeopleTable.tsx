import { Button } from '@mantine/core';
import { CheckIcon, LockIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { useMemo } from 'react';
import type { Person } from '../api/views';
import { DataTable, type Column, type DataTableProps } from '../parts/DataTable';
import { Mark } from '../parts/Mark';
import { shellTexts } from '../shell/texts';
import { peopleTexts } from './texts';

/** PeopleTable is the list of people. */
export function PeopleTable({ people, server, onEdit }: { people: Person[]; server: DataTableProps<Person>['server']; onEdit: (person: Person) => void }) {
  const say = useTexts(peopleTexts);
  const ui = useTexts(uiTexts);
  const shell = useTexts(shellTexts);
  const columns = useMemo<Column<Person>[]>(
    () => [
      {
        id: 'name',
        label: say('col.name'),
        show: (one) => (
          <span className="co-name">
            <b>{one.name}</b>
            <small>{one.kana}</small>
          </span>
        ),
        sort: 'server',
      },
      { id: 'login', label: say('col.login'), show: (one) => one.login, sort: 'server' },
      {
        id: 'roles',
        label: say('col.roles'),
        show: (one) => (
          <>
            {one.roles.map((role) => ui(`role.${role}`)).join(shell('list.separator'))}
            {!one.face_usable && one.roles.includes('operator') && <span className="co-tile-flag">{say('approved.only')}</span>}
          </>
        ),
        sort: 'server',
      },
      { id: 'place', label: say('col.place'), show: (one) => ui(one.place === '' ? 'place.none' : `place.${one.place}`), sort: 'server' },
      {
        id: 'passkeys',
        label: say('col.passkeys'),
        show: (one) => (
          <>
            {one.passkeys === 0 ? say('passkeys.none') : say('passkeys.count', { count: one.passkeys })}
            {one.password === 'set' && <span className="co-tile-flag">{say('password.set')}</span>}
          </>
        ),
        sort: 'server',
      },
      {
        id: 'last_day',
        label: say('col.last_day'),
        show: (one) => (
          <span className="co-name">
            <span>{one.last_day === '' ? '—' : one.last_day}</span>
            {one.agency !== '' && <small>{one.agency}</small>}
          </span>
        ),
        sort: 'server',
      },
      {
        id: 'state',
        label: say('col.state'),
        show: (one) =>
          one.active ? (
            <Mark tone="open" icon={<CheckIcon size={16} />}>
              {say('active')}
            </Mark>
          ) : (
            <Mark tone="attention" icon={<LockIcon size={16} />}>
              {say(one.suspended ? 'suspended' : 'left')}
            </Mark>
          ),
        sort: 'server',
      },
      {
        id: 'edit',
        label: say('edit'),
        show: (one) => (
          <Button variant="default" size="compact-sm" onClick={() => onEdit(one)} aria-label={say('edit.of', { name: one.name })}>
            {say('edit')}
          </Button>
        ),
      },
    ],
    [say, ui, shell, onEdit],
  );
  return <DataTable label={say('title')} rows={people} columns={columns} rowKey={(one) => one.id} server={server} />;
}
