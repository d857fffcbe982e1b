import { Button, Group } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { api } from '../api/client';
import { OldFace, witnessKeys } from '../api/witnessQueries';
import { Facts } from '../parts/Facts';
import { useAct } from '../parts/useAct';
import { makeKey } from './oldKey';
import { witnessTexts } from './texts';

/** AskOld has officers open the older picture for this very browser, whose key it makes. */
export function AskOld({ one, onDone }: { one: OldFace; onDone: (words: string) => void }) {
  const say = useTexts(witnessTexts);
  const ask = useAct(async () => api.ask('POST', `/old-faces/${encodeURIComponent(one.device)}/ask`, OldFace, { key: await makeKey(one.device) }), witnessKeys.old);

  async function go() {
    try {
      await ask.mutateAsync(undefined);
      onDone(say('faces.done'));
    } catch {
      // ask.error is shown
    }
  }

  return (
    <>
      {one.mine && <Facts facts={[{ label: say('faces.mark'), value: <code className="sk-numbers">{one.mark}</code> }]} />}
      {ask.isError && <ProblemNotice problem={problemOf(ask.error)} />}
      <Group>
        <Button variant={one.mine ? 'default' : 'filled'} loading={ask.isPending} onClick={() => void go()} aria-label={say(one.asked === null ? 'faces.ask.of' : 'faces.again.of', { name: one.name })}>
          {say(one.asked === null ? 'faces.ask' : 'faces.again')}
        </Button>
      </Group>
    </>
  );
}
