import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { keys, peopleQuery } from '../api/queries';
import type { Desktop } from '../api/views';
import { Dialog } from '../parts/Dialog';
import { Answer } from '../parts/Answer';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { fits } from '../people/draft';
import { desktopTexts } from './texts';

/** ReachDialog chooses who may reach a desktop. */
export function ReachDialog({ desktop, onClose }: { desktop: Desktop; onClose: () => void }) {
  const say = useTexts(desktopTexts);
  const parts = useTexts(partTexts);
  const people = useQuery(peopleQuery);
  const [chosen, setChosen] = useState(() => desktop.people.map((one) => one.id));
  const [text, setText] = useState('');
  const allow = useAct((list: string[]) => api.tell('PUT', `/desktops/${encodeURIComponent(desktop.id)}/people`, { people: list }), keys.desktops);
  return (
    <Dialog title={say('reach.title', { name: desktop.name })} size="lg" onClose={onClose}>
      <Stack gap="md">
        <Text size="sm">
          {say('reach.help')} {say('reach.cut')}
        </Text>
        <ImeInput label={say('reach.search')} value={text} onChange={setText} data-autofocus />
        <Answer query={people}>
          {(answer) => {
            const operators = answer.people.filter((one) => one.roles.includes('operator') && fits(one, '', text));
            if (operators.length === 0) return <p className="co-nothing">{parts('nothing.matches')}</p>;
            return (
              <Checkbox.Group label={say('reach.label')} value={chosen} onChange={setChosen}>
                <div className="co-choices">
                  {operators.map((one) => (
                    <Checkbox key={one.id} value={one.id} label={one.name} description={one.login} />
                  ))}
                </div>
              </Checkbox.Group>
            );
          }}
        </Answer>
        {allow.isError && <ProblemNotice problem={problemOf(allow.error)} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} disabled={allow.isPending}>
            {parts('cancel')}
          </Button>
          <Button loading={allow.isPending} onClick={() => allow.mutate(chosen, { onSuccess: onClose })}>
            {parts('save')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
