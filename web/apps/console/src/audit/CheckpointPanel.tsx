import { Button, Group, Stack, Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { download, save } from '../api/client';
import { checkpointQuery, sessionQuery } from '../api/queries';
import type { Checkpoint } from '../api/views';
import { Facts } from '../parts/Facts';
import { SaveIcon } from '../parts/icons';
import { Once } from '../parts/Once';
import { auditTexts } from './texts';

/** CheckpointPanel lets anybody keep what is signed now, and take the whole log away to verify it elsewhere. */
export function CheckpointPanel() {
  const say = useTexts(auditTexts);
  const checkpoint = useQuery(checkpointQuery);
  const [shown, setShown] = useState(false);
  if (checkpoint.isError && !checkpoint.data) {
    return <ProblemNotice problem={problemOf(checkpoint.error)} onRetry={() => void checkpoint.refetch()} />;
  }
  const data = checkpoint.data;
  if (!data) return null;
  return (
    <section className="co-checkpoint" aria-labelledby="checkpoint">
      {!data.opened && (
        <p className="co-note" data-tone="closed" role="alert">
          <WarnIcon size={18} />
          <span>{say('checkpoint.bad')}</span>
        </p>
      )}
      <Group justify="space-between">
        <div className="co-checkpoint-line">
          <h2 id="checkpoint">{say('checkpoint')}</h2>
          <Text size="sm" className="sk-numbers">
            {say('checkpoint.size', { size: data.size })}
          </Text>
        </div>
        <Button variant="default" size="compact-md" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {say(shown ? 'checkpoint.hide' : 'checkpoint.show')}
        </Button>
      </Group>
      {shown && <Shown checkpoint={data} />}
    </section>
  );
}

function Shown({ checkpoint }: { checkpoint: Checkpoint }) {
  const say = useTexts(auditTexts);
  const session = useQuery(sessionQuery);
  const whole = session.data?.person?.client === ''; // a client's auditor may not take the whole log away
  const all = useMutation({ mutationFn: () => download('/audit/export', 'sekisho-audit.zip') });
  return (
    <Stack gap="sm" mt="sm">
      <Text size="sm">{say('checkpoint.lead')}</Text>
      <Facts
        facts={[
          { label: say('checkpoint.root'), value: <span className="co-id">{checkpoint.root}</span> },
          { label: say('checkpoint.key'), value: <span className="co-id">{checkpoint.key}</span> },
        ]}
      />
      <Group>
        <Button variant="default" className="co-office" leftSection={<SaveIcon size={18} />} onClick={() => save(new Blob([checkpoint.text], { type: 'text/plain' }), `checkpoint-${checkpoint.size}.txt`)}>
          {say('checkpoint.save')}
        </Button>
        {whole && (
          <Button variant="default" className="co-office" leftSection={<SaveIcon size={18} />} loading={all.isPending} onClick={() => all.mutate()}>
            {say('export')}
          </Button>
        )}
      </Group>
      {all.isError && <ProblemNotice problem={problemOf(all.error)} />}
      {whole && <Text size="sm">{say('export.help')}</Text>}
      {whole && <Once label={say('export.how')} text={`sekisho audit verify sekisho-audit.zip --key '${checkpoint.key}' --since checkpoint-${checkpoint.size}.txt`} />}
    </Stack>
  );
}
