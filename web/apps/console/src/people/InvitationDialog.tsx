import { Stack, Text } from '@mantine/core';
import { WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { Invitation, type Person } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { Dialog } from '../parts/Dialog';
import { Once } from '../parts/Once';
import { useAct } from '../parts/useAct';
import { peopleTexts } from './texts';

/** InvitationDialog makes the link by which a person registers a passkey, and shows it once. */
export function InvitationDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const say = useTexts(peopleTexts);
  const { language } = useLanguage();
  const [link, setLink] = useState<Invitation | null>(null);
  const make = useAct(() => api.ask('POST', `/people/${encodeURIComponent(person.id)}/invitation`, Invitation), keys.people);
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
      consequences={[say('invite.1'), say('invite.2')]}
      action={say('invite')}
      reason="none"
      onConfirm={() => make.mutateAsync().then(setLink)}
      onDone={() => undefined} // the link is shown next
      onClose={onClose}
    />
  );
}
