import { Stack, Text } from '@mantine/core';
import { WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useCallback, useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { Invitation, type Person } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { Dialog } from '../parts/Dialog';
import { Once } from '../parts/Once';
import { useAct } from '../parts/useAct';
import { SecondAdministrator } from './SecondAdministrator';
import { peopleTexts } from './texts';

/** InvitationDialog makes the link by which a person registers a passkey, and shows it once. Some links need a second administrator first. */
export function InvitationDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const say = useTexts(peopleTexts);
  const { language } = useLanguage();
  const [link, setLink] = useState<Invitation | null>(null);
  const make = useAct(
    (approval: string) => api.ask('POST', `/people/${encodeURIComponent(person.id)}/invitation`, Invitation, approval === '' ? undefined : { approval }),
    keys.people,
  );
  const { mutate } = make;
  const approved = useCallback((id: string) => mutate(id, { onSuccess: setLink }), [mutate]);
  if (link?.approval) {
    return (
      <Dialog title={say('invite.title', { name: person.name })} size="lg" onClose={onClose} holds>
        <SecondAdministrator
          key={link.approval.id}
          person={person}
          asked={link.approval}
          failure={make.error}
          busy={make.isPending}
          onApproved={approved}
          onAgain={() => mutate('', { onSuccess: setLink })}
        />
      </Dialog>
    );
  }
  if (link) {
    return (
      <Dialog title={say('invite.title', { name: person.name })} size="lg" onClose={onClose} holds>
        <Stack gap="sm">
          <p className="co-note" data-tone="attention">
            <WarnIcon size={18} />
            <span>{say('invite.once')}</span>
          </p>
          <Once label={say('invite.label')} text={link.url} />
          {link.until !== null && <Text size="sm">{say('invite.until', { until: dateTime(link.until, language) })}</Text>}
        </Stack>
      </Dialog>
    );
  }
  return (
    <Confirm
      title={say('invite.ask', { name: person.name })}
      consequences={[say('invite.1'), say('invite.2'), say('invite.3')]}
      action={say('invite')}
      reason="none"
      onConfirm={() => make.mutateAsync('').then(setLink)}
      onDone={() => undefined} // the link is shown next
      onClose={onClose}
    />
  );
}
