import { Button, Group, Stack } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { Bulk } from '../api/deputyQueries';
import { keys } from '../api/queries';
import type { Approval } from '../api/views';
import { useAct } from '../parts/useAct';
import { codeOf } from './code';
import { bulkTexts } from './deputyTexts';

type Answer = { id: string; code: string };

/** BulkPanel approves several sessions at shift start, each by the number of its own asker. */
export function BulkPanel({ approvals, onDone }: { approvals: Approval[]; onDone: (words: string) => void }) {
  const say = useTexts(bulkTexts);
  const [typed, setTyped] = useState<{ [id: string]: string }>({});
  const bulk = useAct((answers: Answer[]) => api.ask('POST', '/approvals/bulk', Bulk, { answers }), keys.approvals);
  const answers = approvals.map((one) => ({ id: one.id, code: codeOf(typed[one.id] ?? '') })).filter((one) => one.code !== '');
  const failed = new Map((bulk.data?.results ?? []).filter((one) => !one.done).map((one) => [one.id, one.title]));

  async function approve(event: FormEvent) {
    event.preventDefault();
    if (answers.length === 0) return;
    try {
      const { results } = await bulk.mutateAsync(answers);
      setTyped({});
      const count = results.filter((one) => one.done).length;
      onDone(say(count === results.length ? 'done' : 'done.some', { count }));
    } catch {
      // bulk.error is shown
    }
  }

  return (
    <form className="co-block" aria-labelledby="bulk" onSubmit={(event) => void approve(event)} noValidate>
      <Stack gap="sm">
        <h3 id="bulk">{say('title')}</h3>
        <p>{say('lead')}</p>
        {approvals.map((one) => (
          <ImeInput
            key={one.id}
            label={say('code.of', { name: `${one.name}（${one.asset_tag}）` })}
            value={typed[one.id] ?? ''}
            onChange={(value) => setTyped({ ...typed, [one.id]: value })}
            inputMode="numeric"
            autoComplete="off"
            maxLength={8}
            className="co-code-input"
            error={failed.get(one.id)}
          />
        ))}
        {bulk.isError && <ProblemNotice problem={problemOf(bulk.error)} />}
        <Group>
          <Button type="submit" loading={bulk.isPending} disabled={answers.length === 0}>
            {say('go', { count: answers.length })}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
