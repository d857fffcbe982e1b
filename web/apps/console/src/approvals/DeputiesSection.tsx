import { Button, Group, Stack } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { deputiesQuery, type Deputy } from '../api/deputyQueries';
import { keys } from '../api/queries';
import { Answer } from '../parts/Answer';
import { Confirm } from '../parts/Confirm';
import { Mark } from '../parts/Mark';
import { useAct } from '../parts/useAct';
import { DeputyForm } from './DeputyForm';
import { deputyTexts } from './deputyTexts';

/** DeputiesSection lists who answers for whom, and lets a supervisor name his own deputy. */
export function DeputiesSection({ names, onDone }: { names: boolean; onDone: (words: string) => void }) {
  const say = useTexts(deputyTexts);
  const { language } = useLanguage();
  const deputies = useQuery(deputiesQuery);
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<Deputy | null>(null);
  const end = useAct((one: string) => api.tell('DELETE', `/deputies/${encodeURIComponent(one)}`), keys.deputies, keys.approvals);
  return (
    <section aria-labelledby="deputies" className="co-block co-queue">
      <h2 id="deputies">{say('title')}</h2>
      <p>{say('lead')}</p>
      <Answer query={deputies}>
        {(answer) => (
          <Stack gap="sm">
            {answer.deputies.length === 0 && <p className="co-quiet">{say('none')}</p>}
            {answer.deputies.map((one) => (
              <Group key={one.id} justify="space-between">
                <span>
                  <Mark tone={one.now ? 'open' : 'quiet'}>{say(one.now ? 'now' : 'later')}</Mark> {say('of', { principal: one.principal, deputy: one.deputy })}{' '}
                  <span className="sk-numbers">{say('time', { begins: dateTime(one.begins, language), ends: dateTime(one.ends, language) })}</span>
                </span>
                {one.mine && (
                  <Button variant="default" size="compact-md" onClick={() => setEnding(one)} aria-label={say('end.of', { deputy: one.deputy })}>
                    {say('end')}
                  </Button>
                )}
              </Group>
            ))}
            {names && (
              <Group>
                <Button variant="default" onClick={() => setAdding(true)}>
                  {say('add')}
                </Button>
              </Group>
            )}
            {adding && <DeputyForm candidates={answer.candidates} onDone={onDone} onClose={() => setAdding(false)} />}
          </Stack>
        )}
      </Answer>
      {ending && (
        <Confirm
          title={say('end.title', { deputy: ending.deputy })}
          consequences={[say('end.1')]}
          action={say('end')}
          reason="none"
          onConfirm={() => end.mutateAsync(ending.id)}
          onDone={() => {
            onDone(say('ended'));
            setEnding(null);
          }}
          onClose={() => setEnding(null)}
        />
      )}
    </section>
  );
}
