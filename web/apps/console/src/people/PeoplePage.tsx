import { Button, Select } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { PeopleIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { roles, type Role } from '@sekisho/wire/states';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { api } from '../api/client';
import { longestWords, type Page } from '../api/paging';
import { keys, peopleQuery, personByID } from '../api/queries';
import { Person } from '../api/views';
import { Answer } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { PlusIcon } from '../parts/icons';
import { PageHead } from '../parts/PageHead';
import { Found, Rows } from '../parts/Rows';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { useListing, type Listing } from '../parts/useListing';
import { created, emptyDraft, type Draft } from './draft';
import { InvitationDialog } from './InvitationDialog';
import { PeopleTable } from './PeopleTable';
import { PersonForm } from './PersonForm';
import { PersonSettings } from './PersonSettings';
import { peopleTexts } from './texts';

type Open = { what: 'new' } | { what: 'edit' | 'invite'; person: Person };

const everybody: { role: Role | '' } = { role: '' };

/** PeoplePage lists everybody who may pass, with what each may do. */
export function PeoplePage() {
  const say = useTexts(peopleTexts);
  const list = useListing(everybody);
  const people = useQuery(peopleQuery(list.asked));
  const [open, setOpen] = useState<Open | null>(null);
  const create = useAct((draft: Draft) => api.ask('POST', '/people', Person, created(draft)), keys.people);
  const chosen = open !== null && open.what !== 'new' ? open.person : null;
  const current = useQuery({ ...personByID(chosen?.id ?? ''), enabled: chosen !== null }).data?.people[0] ?? chosen;
  const edit = useCallback((person: Person) => setOpen({ what: 'edit', person }), []);
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
      {people.data?.page.all !== 0 && <Filters list={list} page={people.data?.page} />}
      <Answer query={people}>
        {(answer) =>
          answer.page.all === 0 ? (
            <Empty icon={<PeopleIcon size={36} />} title={say('empty')} text={say('empty.do')} />
          ) : (
            <Rows label={say('title')} page={answer.page} query={people} onMove={list.setOffset}>
              <PeopleTable people={answer.people} server={{ order: list.order, onOrder: list.setOrder }} onEdit={edit} />
            </Rows>
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
          onSubmit={(draft) => create.mutateAsync(draft).then((person) => setOpen({ what: 'invite', person }))}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.what === 'edit' && current && <PersonSettings person={current} onInvite={() => setOpen({ what: 'invite', person: current })} onClose={() => setOpen(null)} />}
      {open?.what === 'invite' && current && <InvitationDialog person={current} onClose={() => setOpen(null)} />}
    </>
  );
}

function Filters({ list, page }: { list: Listing<typeof everybody>; page: Page | undefined }) {
  const say = useTexts(peopleTexts);
  const ui = useTexts(uiTexts);
  const parts = useTexts(partTexts);
  const counted = (label: string, count: number | undefined) => (count === undefined ? label : parts('choice.count', { label, count }));
  return (
    <div className="co-filters">
      <ImeInput label={say('filter.text')} value={list.text} onChange={list.setText} maxLength={longestWords} />
      <Select
        label={say('filter.role')}
        value={list.filters.role}
        onChange={(value) => list.setFilters({ role: roles.find((one) => one === value) ?? '' })}
        data={[{ value: '', label: say('filter.role.all') }, ...roles.map((one) => ({ value: one, label: counted(ui(`role.${one}`), page?.counts[one]) }))]}
        allowDeselect={false}
      />
      <Found page={page} />
    </div>
  );
}
