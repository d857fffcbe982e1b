import { Button, Group, Stack } from '@mantine/core';
import { LockIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { keys, lockedQuery, sessionQuery } from '../api/queries';
import type { LockedPassword } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { useAct } from '../parts/useAct';
import { lockedTexts } from './lockedTexts';

/** LockedPasswords lists, to supervisors, whose password is locked after too many attempts. It is nothing while nobody's is. */
export function LockedPasswords({ onDone }: { onDone: (words: string) => void }) {
  const say = useTexts(lockedTexts);
  const { language } = useLanguage();
  const session = useQuery(sessionQuery);
  const me = session.data?.person;
  const locked = useQuery({ ...lockedQuery, enabled: me?.roles.includes('supervisor') ?? false });
  const [chosen, setChosen] = useState<LockedPassword | null>(null);
  const unlock = useAct((id: string) => api.tell('POST', `/passwords/${encodeURIComponent(id)}/unlock`), keys.locked);
  const list = locked.data?.locked ?? [];
  if (list.length === 0) return null;
  return (
    <section className="co-block" aria-labelledby="locked-passwords">
      <h2 id="locked-passwords">{say('title')}</h2>
      <Stack gap="sm">
        {list.map((one) => (
          <Group key={one.id} justify="space-between">
            <span className="co-mark" data-tone="attention">
              <LockIcon size={16} />
              <span>{say('until', { name: one.name, until: dateTime(one.until, language) })}</span>
            </span>
            <Button variant="default" size="compact-md" disabled={one.id === me?.id} onClick={() => setChosen(one)} aria-label={say('unlock.of', { name: one.name })}>
              {say('unlock')}
            </Button>
          </Group>
        ))}
      </Stack>
      {chosen && (
        <Confirm
          title={say('unlock.title', { name: chosen.name })}
          consequences={[say('unlock.1'), say('unlock.2')]}
          action={say('unlock')}
          reason="none"
          onConfirm={() => unlock.mutateAsync(chosen.id)}
          onDone={() => {
            onDone(say('unlocked', { name: chosen.name }));
            setChosen(null);
          }}
          onClose={() => setChosen(null)}
        />
      )}
    </section>
  );
}
