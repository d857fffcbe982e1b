import { Button, Group } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { OldFace, witnessKeys } from '../api/witnessQueries';
import { Facts } from '../parts/Facts';
import { useAct } from '../parts/useAct';
import { makeKey, markOf } from './oldKey';
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
      {one.mine && <OwnMark one={one} />}
      {ask.isError && <ProblemNotice problem={problemOf(ask.error)} />}
      {'issuedPc' in document.documentElement.dataset && <p className="co-note">{say('faces.ask.here')}</p>}
      <Group>
        <Button variant={one.mine ? 'default' : 'filled'} loading={ask.isPending} onClick={() => void go()} aria-label={say(one.asked === null ? 'faces.ask.of' : 'faces.again.of', { name: one.name })}>
          {say(one.asked === null ? 'faces.ask' : 'faces.again')}
        </Button>
      </Group>
    </>
  );
}

/** OwnMark is the mark of the key that this browser holds, and not the one that the server names. */
function OwnMark({ one }: { one: OldFace }) {
  const say = useTexts(witnessTexts);
  const own = useQuery({ queryKey: [...witnessKeys.old, 'mark', one.device, one.key], queryFn: () => markOf(one.device), networkMode: 'always' });
  if (own.data === undefined && !own.isError) return null;
  return (
    <>
      {own.data && <Facts facts={[{ label: say('faces.mark'), value: <code className="sk-numbers">{own.data}</code> }]} />}
      {own.data !== one.mark && (
        <p className="co-note" data-tone="closed" role="alert">
          <WarnIcon size={18} /> {say(own.data ? 'faces.mark.other' : 'faces.mark.none')}
        </p>
      )}
    </>
  );
}
