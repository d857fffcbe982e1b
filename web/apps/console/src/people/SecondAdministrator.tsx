import { Button, Group, Stack, Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { askedQuery } from '../api/queries';
import type { Asked, Person } from '../api/views';
import { Once } from '../parts/Once';
import { peopleTexts } from './texts';

type Props = { person: Person; asked: Asked; failure: unknown; busy: boolean; onApproved: (id: string) => void; onAgain: () => void };

/** SecondAdministrator shows the number to read out, and waits until another administrator has decided. */
export function SecondAdministrator({ person, asked, failure, busy, onApproved, onAgain }: Props) {
  const say = useTexts(peopleTexts);
  const { language } = useLanguage();
  const query = useQuery({ ...askedQuery(asked.id), initialData: asked });
  const state = query.data.state;
  const told = useRef('');
  useEffect(() => {
    if (state !== 'approved' || told.current === asked.id) return;
    told.current = asked.id; // the answer is used once
    onApproved(asked.id);
  }, [state, asked.id, onApproved]);
  const over = state === 'refused' || state === 'expired' || state === 'used';
  return (
    <Stack gap="sm">
      <p className="co-note" data-tone="attention">
        <WarnIcon size={18} />
        <span>{say('invite.ask.why', { name: person.name })}</span>
      </p>
      <div role="status">{over && <p>{say(state === 'refused' ? 'invite.refused' : 'invite.expired')}</p>}</div>
      {!over && (
        <>
          <p>{say('invite.ask.body')}</p>
          <div className="co-once">
            <code role="textbox" aria-readonly="true" aria-label={say('invite.code')} tabIndex={0} className="co-code sk-numbers">
              {asked.code}
            </code>
          </div>
          {asked.expires !== null && <Text size="sm">{say('invite.left', { until: dateTime(asked.expires, language) })}</Text>}
        </>
      )}
      {failure !== null && <ProblemNotice problem={problemOf(failure)} />}
      <Text size="sm">{say('invite.ask.none')}</Text>
      <Once label={say('invite.ask.command')} text={`sekisho admin invite ${person.login}`} />
      {(over || failure !== null) && (
        <Group justify="flex-end">
          <Button onClick={onAgain} loading={busy}>
            {say('invite.again')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
