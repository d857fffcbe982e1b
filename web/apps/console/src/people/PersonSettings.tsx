import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import { keys, sessionQuery } from '../api/queries';
import { Person } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { draftOf, type Draft } from './draft';
import { IdentityDialog } from './IdentityDialog';
import { MailDialog } from './MailDialog';
import { mailTexts } from './mailTexts';
import { PersonForm } from './PersonForm';
import { peopleTexts } from './texts';

/** PersonSettings changes what one person may do, invites him anew, suspends or resumes him. */
export function PersonSettings({ person, onInvite, onClose }: { person: Person; onInvite: () => void; onClose: () => void }) {
  const say = useTexts(peopleTexts);
  const parts = useTexts(partTexts);
  const mail = useTexts(mailTexts);
  const session = useQuery(sessionQuery);
  const [asking, setAsking] = useState(false);
  const [linking, setLinking] = useState(false);
  const [mailing, setMailing] = useState(false);
  const path = `/people/${encodeURIComponent(person.id)}`;
  const change = useAct(({ login: _, ...change }: Draft) => api.ask('PATCH', path, Person, change), keys.people);
  const act = person.suspended ? 'resume' : 'suspend';
  const switchOver = useAct((reason: string) => api.tell('POST', `${path}/${act}`, { reason }), keys.people);
  const own = session.data?.person?.id === person.id;
  if (mailing) return <MailDialog person={person} onClose={onClose} />;
  if (linking) return <IdentityDialog person={person} onClose={onClose} />;
  if (asking) {
    return (
      <Confirm
        title={say(`${act}.title`, { name: person.name })}
        consequences={act === 'suspend' ? [say('suspend.1'), say('suspend.2'), say('suspend.3')] : [say('resume.1')]}
        action={say(act)}
        danger={act === 'suspend'}
        reason="required"
        onConfirm={(reason) => switchOver.mutateAsync(reason)}
        onClose={onClose}
      />
    );
  }
  return (
    <PersonForm
      title={say('form.edit', { name: person.name })}
      start={draftOf(person)}
      fixed
      own={own}
      action={parts('save')}
      onSubmit={(draft) => change.mutateAsync(draft).then(onClose)}
      onClose={onClose}
    >
      <Button variant="default" onClick={onInvite} disabled={!person.active}>
        {say('invite')}
      </Button>
      <Button variant="default" onClick={() => setLinking(true)} disabled={!person.active}>
        {say('identity')}
      </Button>
      <Button variant="default" onClick={() => setMailing(true)} disabled={!person.active}>
        {mail('open')}
      </Button>
      {person.last_day !== '' && (
        <Link to="/people/$id/slip" params={{ id: person.id }} className="co-link">
          {say('slip.open')}
        </Link>
      )}
      {!own && (
        <Button variant="default" {...(act === 'suspend' ? { c: 'beni.7' } : {})} onClick={() => setAsking(true)}>
          {say(act)}
        </Button>
      )}
    </PersonForm>
  );
}
