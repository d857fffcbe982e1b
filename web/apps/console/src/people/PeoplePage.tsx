import { Button, Select } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { PeopleIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { roles, type Role } from '@sekisho/wire/states';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '../api/client';
import { keys, peopleQuery } from '../api/queries';
import { Person } from '../api/views';
import { Answer } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { PlusIcon } from '../parts/icons';
import { PageHead } from '../parts/PageHead';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { created, emptyDraft, fits, type Draft } from './draft';
import { InvitationDialog } from './InvitationDialog';
import { PeopleTable } from './PeopleTable';
import { PersonForm } from './PersonForm';
import { PersonSettings } from './PersonSettings';
import { peopleTexts } from './texts';

type Open = { what: 'new' } | { what: 'edit'; person: string } | { what: 'invite'; person: string };

/** PeoplePage lists everybody who may pass, with what each may do. */
export function PeoplePage() {
  const say = useTexts(peopleTexts);
  const people = useQuery(peopleQuery);
  const [open, setOpen] = useState<Open | null>(null);
  const create = useAct((draft: Draft) => api.ask('POST', '/people', Person, created(draft)), keys.people);
  const find = (id: string) => people.data?.people.find((one) => one.id === id);
  const chosen = open?.what === 'edit' || open?.what === 'invite' ? find(open.person) : undefined;
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')}>
        <Link to="/people/lists" className="co-button-link" data-quiet>
          {say('lists.open')}
        </Link>
        <Button leftSection={<PlusIcon size={18} />} onClick={() => setOpen({ what: 'new' })}>
          {say('new')}
        </Button>
      </PageHead>
      <Answer query={people}>
        {(answer) =>
          answer.people.length === 0 ? (
            <Empty icon={<PeopleIcon size={36} />} title={say('empty')} text={say('empty.do')} />
          ) : (
            <Listed
              people={answer.people}
              onEdit={(person) => setOpen({ what: 'edit', person })}
            />
          )
        }
      </Answer>
      {open?.what === 'new' && (
        <PersonForm
          title={say('form.new')}
          start={emptyDraft}
          fixed={false}
          own={false}
          action={say('create')}
          onSubmit={(draft) => create.mutateAsync(draft).then((person) => setOpen({ what: 'invite', person: person.id }))}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.what === 'edit' && chosen && (
        <PersonSettings person={chosen} onInvite={() => setOpen({ what: 'invite', person: chosen.id })} onClose={() => setOpen(null)} />
      )}
      {open?.what === 'invite' && chosen && <InvitationDialog person={chosen} onClose={() => setOpen(null)} />}
    </>
  );
}

function Listed({ people, onEdit }: { people: Person[]; onEdit: (id: string) => void }) {
  const say = useTexts(peopleTexts);
  const ui = useTexts(uiTexts);
  const parts = useTexts(partTexts);
  const [text, setText] = useState('');
  const [role, setRole] = useState<Role | ''>('');
  const shown = useMemo(() => people.filter((person) => fits(person, role, text)), [people, role, text]);
  return (
    <>
      <div className="co-filters">
        <ImeInput label={say('filter.text')} value={text} onChange={setText} />
        <Select
          label={say('filter.role')}
          value={role}
          onChange={(value) => setRole(roles.find((one) => one === value) ?? '')}
          data={[{ value: '', label: say('filter.role.all') }, ...roles.map((one) => ({ value: one, label: ui(`role.${one}`) }))]}
          allowDeselect={false}
        />
        <p role="status" className="co-found">
          {parts('count.of', { count: shown.length, all: people.length })}
        </p>
      </div>
      {shown.length === 0 ? <p className="co-nothing">{parts('nothing.matches')}</p> : <PeopleTable people={shown} onEdit={onEdit} />}
    </>
  );
}
