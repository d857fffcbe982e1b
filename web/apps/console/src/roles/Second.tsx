import { Button, Group, Stack, Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery, type QueryKey } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { askedQuery } from '../api/queries';
import type { Asked } from '../api/views';
import { Dialog } from '../parts/Dialog';
import { useAct } from '../parts/useAct';
import { roleTexts } from './texts';

type Props = { asked: Asked; changed: QueryKey; finish: (approval: string) => Promise<unknown>; onClose: () => void };

/** Second shows the number to read out, waits for the second administrator, and then has the change done. */
export function Second({ asked, changed, finish: act, onClose }: Props) {
  const say = useTexts(roleTexts);
  const { language } = useLanguage();
  const query = useQuery({ ...askedQuery(asked.id), initialData: asked });
  const finish = useAct(() => act(asked.id), changed);
  const { mutate } = finish;
  const state = query.data.state;
  const told = useRef(false);
  useEffect(() => {
    if (state !== 'approved' || told.current) return;
    told.current = true; // the answer is used once
    mutate(undefined, { onSuccess: onClose });
  }, [state, mutate, onClose]);
  const over = state === 'refused' || state === 'expired' || state === 'used';
  return (
    <Dialog title={say('second.title')} size="lg" onClose={onClose} holds>
      <Stack gap="sm">
        <div role="status">{over && finish.isIdle && <p>{say(state === 'refused' ? 'second.refused' : 'second.over')}</p>}</div>
        {!over && (
          <>
            <p>{say('second.body')}</p>
            <div className="co-once">
              <code role="textbox" aria-readonly="true" aria-label={say('second.code')} tabIndex={0} className="co-code sk-numbers">
                {asked.code}
              </code>
            </div>
            {asked.expires !== null && <Text size="sm">{say('second.left', { until: dateTime(asked.expires, language) })}</Text>}
          </>
        )}
        {finish.isError && <ProblemNotice problem={problemOf(finish.error)} />}
        {(over || finish.isError) && (
          <Group justify="flex-end">
            <Button onClick={onClose}>{say('second.close')}</Button>
          </Group>
        )}
      </Stack>
    </Dialog>
  );
}
