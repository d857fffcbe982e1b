import { Button, Group } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { KeyIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime, elapsed } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useState } from 'react';
import { Act, ConfirmBegun, Confirmed } from '../api/actQueries';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { Confirm } from '../parts/Confirm';
import { Facts } from '../parts/Facts';
import { Mark } from '../parts/Mark';
import { TwoIcon } from '../parts/icons';
import { useAct } from '../parts/useAct';
import { passkeyProblem, presentPasskey } from '../session/passkey';
import { sessionTexts } from '../session/texts';
import { ActDifferences } from './ActDifferences';
import { actTexts } from './actTexts';

/** isSpecial says of which kinds it must be said what a confirmation begins. */
const isSpecial = (kind: Act['kind']) => kind === 'export' || kind === 'records' || kind === 'disaster' || kind === 'widening';

/** mineOf says what the asker waits for, or does next. */
function mineOf(act: Act) {
  if (act.state === 'confirmed') return act.kind === 'records' ? 'ready.records' : 'ready';
  return act.kind === 'export' || act.kind === 'records' || act.kind === 'disaster' ? (`mine.${act.kind}` as const) : 'mine';
}

/** namedBy are fields that name what an act is done to, where its object is an id. */
const namedBy = ['course.title', 'desktop.name', 'place.device', 'tpm.authority'];

const path = (act: Act, what: string) => `/acts/${encodeURIComponent(act.id)}/${what}`;

/** ActCard shows one dangerous act: what would change, and how to confirm, refuse or withdraw it. */
export function ActCard({ act, now, onDone }: { act: Act; now: number; onDone: (words: string) => void }) {
  const say = useTexts(actTexts);
  const session = useTexts(sessionTexts);
  const { language } = useLanguage();
  const [turning, setTurning] = useState(false);
  const confirm = useAct(() => confirmWithPasskey(act), ['acts'], keys.people, keys.policies, keys.posture);
  const turn = useAct(() => api.ask('POST', path(act, 'refuse'), Act, {}), keys.acts);
  const left = act.expires === null ? 0 : Date.parse(act.expires) - now;
  const what = useWhat()(act);

  async function yes() {
    try {
      await confirm.mutateAsync(undefined);
      onDone(say(isSpecial(act.kind) ? `done.${act.kind}` : 'done.confirmed'));
    } catch {
      // confirm.error is shown
    }
  }

  return (
    <article className="co-approval" aria-labelledby={`act-${act.id}`}>
      <header>
        <Mark tone="attention" icon={<TwoIcon size={16} />}>
          {say('title')}
        </Mark>
        <span className="co-left sk-numbers">{say('left', { left: elapsed(Math.max(0, left)) })}</span>
      </header>
      <h2 id={`act-${act.id}`}>{what}</h2>
      <Facts
        facts={[
          { label: say('by'), value: act.asker },
          { label: say('asked'), value: act.asked === null ? '' : dateTime(act.asked, language) },
        ]}
      />
      <ActDifferences differences={act.differences} />
      {act.mine && <p>{say(mineOf(act))}</p>}
      {act.confirms && isSpecial(act.kind) && <p>{say(`effect.${act.kind}`)}</p>}
      {confirm.isError && <ProblemNotice problem={passkeyProblem(confirm.error, session) ?? problemOf(confirm.error)} />}
      {act.state === 'waiting' && (act.mine || act.confirms) && (
        <Group>
          {act.confirms && (
            <Button leftSection={<KeyIcon size={18} />} onClick={() => void yes()} loading={confirm.isPending} disabled={left <= 0} aria-label={say('confirm.of', { what })}>
              {say('confirm')}
            </Button>
          )}
          <Button variant="default" onClick={() => setTurning(true)} disabled={confirm.isPending}>
            {say(act.mine ? 'withdraw' : 'refuse')}
          </Button>
        </Group>
      )}
      {turning && (
        <Confirm
          title={say(act.mine ? 'withdraw.title' : 'refuse.title')}
          consequences={[say(act.mine ? 'withdraw.1' : 'refuse.1')]}
          action={say(act.mine ? 'withdraw' : 'refuse')}
          danger={!act.mine}
          reason="none"
          onConfirm={() => turn.mutateAsync(undefined)}
          onDone={() => onDone(say(act.mine ? 'done.withdrawn' : 'done.refused'))}
          onClose={() => setTurning(false)}
        />
      )}
    </article>
  );
}

/** useWhat names an act with what it is done to. */
export function useWhat(): (act: Act) => string {
  const say = useTexts(actTexts);
  return (act) => {
    const kind = say(`kind.${act.kind}`);
    const named = act.differences.find((one) => namedBy.includes(one.field));
    if (named) return `${kind}: ${named.after === '' ? named.before : named.after}`;
    const object = act.kind === 'network' && (act.object === 'console' || act.object === 'agents') ? say(`object.${act.object}`) : act.object;
    return object === '' ? kind : `${kind}: ${object}`;
  };
}

async function confirmWithPasskey(act: Act) {
  const begun = await api.ask('POST', path(act, 'begin'), ConfirmBegun, { digest: act.digest });
  const credential = begun.passkey ? await presentPasskey(begun.options) : undefined;
  return api.ask('POST', path(act, 'confirm'), Confirmed, { digest: act.digest, ceremony: begun.ceremony, credential });
}
