import { Select } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { peopleQuery, sessionQuery } from '../api/queries';
import type { OwnRole } from '../api/roleQueries';
import { Form } from '../clients/Form';
import { Answer } from '../parts/Answer';
import { RightList } from './RightList';
import { roleTexts } from './texts';

type Props = { role: OwnRole; onSubmit: (person: string) => Promise<OwnRole>; onAsked: () => void; onClose: () => void };

/** GiveForm gives a role to somebody; nobody is offered himself. */
export function GiveForm({ role, onSubmit, onAsked, onClose }: Props) {
  const say = useTexts(roleTexts);
  const people = useQuery(peopleQuery);
  const session = useQuery(sessionQuery);
  const [chosen, setChosen] = useState('');
  const [asked, setAsked] = useState(false);
  return (
    <Form
      title={say('give.of', { name: role.name })}
      action={say('give')}
      ready={() => {
        setAsked(true);
        return chosen !== '';
      }}
      onSubmit={() => onSubmit(chosen)}
      onAsked={onAsked}
      onClose={onClose}
    >
      <div>
        <p>{say('can')}</p>
        <RightList rights={role.rights} />
      </div>
      <Answer query={people}>
        {(answer) => {
          const some = answer.people.filter((one) => one.active && one.id !== session.data?.person?.id && !role.holders.some((known) => known.id === one.id));
          if (some.length === 0) return <p className="co-nothing">{say('give.none')}</p>;
          return (
            <Select
              label={say('give.person')}
              data={some.map((one) => ({ value: one.id, label: `${one.name} ${one.login}` }))}
              value={chosen}
              onChange={(value) => setChosen(value ?? '')}
              searchable
              required
              error={asked && chosen === '' ? say('give.missing') : undefined}
              data-autofocus
            />
          );
        }}
      </Answer>
    </Form>
  );
}
