import { Button } from '@mantine/core';
import { CheckIcon, LockIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { useMemo } from 'react';
import type { Person } from '../api/views';
import { DataTable, type Column } from '../parts/DataTable';
import { Mark } from '../parts/Mark';
import { shellTexts } from '../shell/texts';
import { peopleTexts } from './texts';

/** PeopleTable is the list of people. */
export function PeopleTable({ people, onEdit }: { people: Person[]; onEdit: (id: string) => void }) {
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
        sort: (one) => (one.kana === '' ? one.name : one.kana),
      },
      { id: 'login', label: say('col.login'), show: (one) => one.login, sort: (one) => one.login },
      {
        id: 'roles',
        label: say('col.roles'),
        show: (one) => (
          <>
            {one.roles.map((role) => ui(`role.${role}`)).join(shell('list.separator'))}
            {!one.face_usable && one.roles.includes('operator') && <span className="co-tile-flag">{say('approved.only')}</span>}
          </>
        ),
        sort: (one) => one.roles.join(),
      },
      { id: 'place', label: say('col.place'), show: (one) => ui(one.place === '' ? 'place.none' : `place.${one.place}`), sort: (one) => one.place },
      {
        id: 'passkeys',
        label: say('col.passkeys'),
        show: (one) => (
          <>
            {one.passkeys === 0 ? say('passkeys.none') : say('passkeys.count', { count: one.passkeys })}
            {one.password === 'set' && <span className="co-tile-flag">{say('password.set')}</span>}
          </>
        ),
        sort: (one) => one.passkeys,
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
        sort: (one) => (one.last_day === '' ? '9999' : one.last_day),
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
        sort: (one) => (one.active ? 1 : 0),
      },
      {
        id: 'edit',
        label: say('edit'),
        show: (one) => (
          <Button variant="default" size="compact-sm" onClick={() => onEdit(one.id)} aria-label={say('edit.of', { name: one.name })}>
            {say('edit')}
          </Button>
        ),
      },
    ],
    [say, ui, shell, onEdit],
  );
  return <DataTable label={say('title')} rows={people} columns={columns} rowKey={(one) => one.id} />;
}
