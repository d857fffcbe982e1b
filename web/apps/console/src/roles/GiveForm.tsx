import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sessionQuery } from '../api/queries';
import type { OwnRole } from '../api/roleQueries';
import { Form } from '../clients/Form';
import { PersonSelect } from '../parts/PersonSelect';
import { RightList } from './RightList';
import { roleTexts } from './texts';

type Props = { role: OwnRole; onSubmit: (person: string) => Promise<OwnRole>; onAsked: () => void; onClose: () => void };

/** GiveForm gives a role to somebody; nobody is offered himself. */
export function GiveForm({ role, onSubmit, onAsked, onClose }: Props) {
  const say = useTexts(roleTexts);
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
      <PersonSelect
        label={say('give.person')}
        fits={(one) => one.id !== session.data?.person?.id && !role.holders.some((known) => known.id === one.id)}
        value={chosen}
        onChange={setChosen}
        none={say('give.none')}
        required
        error={asked && chosen === '' ? say('give.missing') : undefined}
        autofocus
      />
    </Form>
  );
}
