import { Button, Stack } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState } from 'react';
import { callKeys, type Call } from '../api/callQueries';
import { api } from '../api/client';
import { Confirm } from '../parts/Confirm';
import { Dialog } from '../parts/Dialog';
import { useAct } from '../parts/useAct';
import { callTexts } from './texts';

const modes = ['listen', 'whisper', 'barge'] as const;

/** CallDialog is a supervisor's way into a call. It needs his own telephone, and says so where there is none. */
export function CallDialog({ call, name, line, onClose }: { call: Call; name: string; line: boolean; onClose: () => void }) {
  const say = useTexts(callTexts);
  const [ending, setEnding] = useState(false);
  const path = `/calls/${encodeURIComponent(call.id)}`;
  const act = useAct(({ method, to, body }: { method: 'POST' | 'DELETE'; to: string; body?: object }) => api.tell(method, path + to, body), callKeys.board);
  const end = useAct(() => api.tell('POST', `${path}/end`), callKeys.board);
  if (ending) {
    return <Confirm title={say('end.title')} consequences={[say('end.1')]} action={say('end')} danger reason="none" onConfirm={() => end.mutateAsync()} onClose={() => setEnding(false)} onDone={onClose} />;
  }
  return (
    <Dialog title={say('act.title', { name })} size="lg" onClose={onClose}>
      <Stack gap="md">
        <p className="co-quiet">{say('act.log')}</p>
        {!line && (
          <p className="co-note" data-tone="attention">
            <WarnIcon size={18} />
            <span>{say('line.none')}</span>
          </p>
        )}
        <dl className="co-modes">
          {modes.map((mode) => (
            <div key={mode}>
              <dt>
                <Button variant="default" fullWidth disabled={!line} loading={act.isPending} onClick={() => act.mutate({ method: 'POST', to: '/watch', body: { mode } })}>
                  {say(mode)}
                </Button>
              </dt>
              <dd>{say(`${mode}.how`)}</dd>
            </div>
          ))}
          <div>
            <dt>
              <Button variant="default" fullWidth disabled={!line} loading={act.isPending} onClick={() => act.mutate({ method: 'POST', to: '/take' }, { onSuccess: onClose })}>
                {say('take')}
              </Button>
            </dt>
            <dd>{say('take.how')}</dd>
          </div>
          <div>
            <dt>
              <Button variant="default" c="beni.7" fullWidth onClick={() => setEnding(true)}>
                {say('end')}
              </Button>
            </dt>
            <dd>{say('end.1')}</dd>
          </div>
        </dl>
        {call.watching && (
          <Button loading={act.isPending} onClick={() => act.mutate({ method: 'DELETE', to: '/watch' })}>
            {say('stop')}
          </Button>
        )}
        {act.isError && <ProblemNotice problem={problemOf(act.error)} />}
      </Stack>
    </Dialog>
  );
}
