import { Button, Group, TextInput } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { FlowTrial, type FlowParts } from '../api/flowQueries';
import type { Graph } from './model';
import { Trial } from './Trial';
import { tryTexts } from './tryTexts';

type Act = { keys: string } | { answer: true } | { fail: true } | { hang_up: true } | { [none: string]: never };
type Props = { id: string; graph: Graph; parts: FlowParts; changed: boolean };

const numberForm = /^(\+?[0-9]{1,15})?$/;
const now = () => {
  const at = new Date();
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

/** TryPanel is the dry run: what happens in a call, and the way that it takes through the saved draft. */
export function TryPanel({ id, graph, parts, changed }: Props) {
  const say = useTexts(tryTexts);
  const [at, setAt] = useState(now);
  const [caller, setCaller] = useState('+819000000000');
  const [keys, setKeys] = useState('');
  const [acts, setActs] = useState<Act[]>([]);
  const run = useMutation({ mutationFn: () => api.ask('POST', `/flows/${id}/try`, FlowTrial, { at: new Date(at).toISOString(), caller: tidy, called: '', acts }) });
  const tidy = caller.normalize('NFKC').replace(/[\s-]/g, '');
  const wrong = !numberForm.test(tidy);
  const pressed = keys.normalize('NFKC').replace(/[^0-9*#]/g, '');
  const add = (act: Act) => setActs([...acts, act].slice(0, 200));
  const nameOf = (act: Act) => ('keys' in act ? say('act.keys', { keys: String(act.keys) }) : say('answer' in act ? 'answer' : 'fail' in act ? 'fail' : 'hang_up' in act ? 'hangup' : 'silence'));
  return (
    <div className="co-flow">
      <div className="co-flow-main">
        <p className="co-quiet">{say('lead')}</p>
        {changed && <p className="co-note" data-tone="attention">{say('unsaved')}</p>}
        <Group gap="md" align="flex-start" mb="md">
          <TextInput type="datetime-local" label={say('at')} value={at} onChange={(event) => setAt(event.currentTarget.value)} required />
          <TextInput label={say('caller')} description={say('caller.help')} value={caller} onChange={(event) => setCaller(event.currentTarget.value)} error={wrong ? say('caller.wrong') : undefined} inputMode="tel" maxLength={24} />
        </Group>
        <h2>{say('acts')}</h2>
        {acts.length === 0 ? (
          <p className="co-quiet">{say('acts.none')}</p>
        ) : (
          <ol className="co-acts">
            {acts.map((act, n) => (
              <li key={n}>
                {nameOf(act)}{' '}
                <Button variant="subtle" size="compact-sm" aria-label={say('act.remove', { what: nameOf(act) })} onClick={() => setActs(acts.filter((_, place) => place !== n))}>
                  {say('remove')}
                </Button>
              </li>
            ))}
          </ol>
        )}
        <Group gap="xs" align="flex-end">
          <TextInput label={say('keys')} description={say('keys.help')} value={keys} onChange={(event) => setKeys(event.currentTarget.value)} inputMode="numeric" maxLength={64} w={150} />
          <Button
            variant="default"
            disabled={pressed === ''}
            onClick={() => {
              add({ keys: pressed });
              setKeys('');
            }}
          >
            {say('press')}
          </Button>
          <Button variant="default" onClick={() => add({ answer: true })}>{say('answer')}</Button>
          <Button variant="default" onClick={() => add({ fail: true })}>{say('fail')}</Button>
          <Button variant="default" onClick={() => add({})}>{say('silence')}</Button>
          <Button variant="default" onClick={() => add({ hang_up: true })}>{say('hangup')}</Button>
        </Group>
        <Group mt="md">
          <Button loading={run.isPending} disabled={wrong || at === ''} onClick={() => run.mutate()}>
            {say('run')}
          </Button>
        </Group>
        {run.isError && <ProblemNotice problem={problemOf(run.error)} />}
      </div>
      <div className="co-flow-form" role="status">
        {run.data && <Trial trial={run.data} graph={graph} parts={parts} />}
      </div>
    </div>
  );
}
