import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { longestWords } from '../api/paging';
import { keys, peopleQuery } from '../api/queries';
import type { Desktop } from '../api/views';
import { Dialog } from '../parts/Dialog';
import { Answer } from '../parts/Answer';
import { choicesAtOnce } from '../parts/choice';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { useLater } from '../parts/useListing';
import { shellTexts } from '../shell/texts';
import { desktopTexts } from './texts';

/** namedAtOnce is how many of the chosen are named; the others are counted. */
const namedAtOnce = 30;

/** ReachDialog chooses who may reach a desktop. */
export function ReachDialog({ desktop, onClose }: { desktop: Desktop; onClose: () => void }) {
  const say = useTexts(desktopTexts);
  const parts = useTexts(partTexts);
  const shell = useTexts(shellTexts);
  const [names, setNames] = useState(() => new Map(desktop.people.map((one) => [one.id, one.name])));
  const [chosen, setChosen] = useState(() => desktop.people.map((one) => one.id));
  const [text, setText] = useState('');
  const words = useLater(text);
  const people = useQuery(peopleQuery({ q: words, role: 'operator', limit: choicesAtOnce }));
  const allow = useAct((list: string[]) => api.tell('PUT', `/desktops/${encodeURIComponent(desktop.id)}/people`, { people: list }), keys.desktops);
  return (
    <Dialog title={say('reach.title', { name: desktop.name })} size="lg" onClose={onClose}>
      <Stack gap="md">
        <Text size="sm">
          {say('reach.help')} {say('reach.cut')}
        </Text>
        <ImeInput label={say('reach.search')} value={text} onChange={setText} maxLength={longestWords} data-autofocus />
        <Answer query={people}>
          {(answer) => (
            <>
              {answer.people.length === 0 && <p className="co-nothing">{parts('nothing.matches')}</p>}
              <Checkbox.Group
                label={say('reach.label')}
                description={answer.page.found > answer.people.length ? parts('choose.more', { count: answer.page.found }) : undefined}
                value={chosen}
                onChange={(to) => {
                  setNames((before) => new Map([...before, ...answer.people.map((one) => [one.id, one.name] as const)]));
                  setChosen(to);
                }}
              >
                <div className="co-choices">
                  {answer.people.map((one) => (
                    <Checkbox key={one.id} value={one.id} label={one.name} description={one.login} />
                  ))}
                </div>
              </Checkbox.Group>
            </>
          )}
        </Answer>
        <div role="status">
          <p className="co-found">{say('reach.chosen', { count: chosen.length })}</p>
          {chosen.length > 0 && (
            <p className="co-quiet">
              {[...chosen.slice(0, namedAtOnce).map((id) => names.get(id)), ...(chosen.length > namedAtOnce ? [say('reach.others', { count: chosen.length - namedAtOnce })] : [])].join(shell('list.separator'))}
            </p>
          )}
        </div>
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
