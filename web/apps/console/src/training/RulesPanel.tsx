import { Button, Group, NumberInput, Stack, Switch } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { practiceTexts } from '../practice/texts';
import { trainingKeys } from './queries';
import { trainingTexts } from './texts';
import { TrainingRules } from './views';

/** RulesPanel says in words what is asked of everybody; administrators change it. */
export function RulesPanel({ rules, may }: { rules: TrainingRules; may: boolean }) {
  const say = useTexts(trainingTexts);
  const practice = useTexts(practiceTexts);
  const [open, setOpen] = useState(false);
  return (
    <div className="co-note co-training-rules" data-tone={rules.required ? 'quiet' : 'attention'}>
      <div>
        <p>{rules.required ? say('rules.required', { grace: rules.grace_days }) : say('rules.free')}</p>
        <p>{say('rules.remind', { days: rules.remind_days })}</p>
        {rules.practice && <p>{rules.practice_months === 0 ? practice('rules.once') : practice('rules.asked', { months: rules.practice_months })}</p>}
      </div>
      {may && (
        <Button variant="default" size="compact-sm" onClick={() => setOpen(true)}>
          {say('rules.edit')}
        </Button>
      )}
      {open && <RulesForm start={rules} onClose={() => setOpen(false)} />}
    </div>
  );
}

function RulesForm({ start, onClose }: { start: TrainingRules; onClose: () => void }) {
  const say = useTexts(trainingTexts);
  const parts = useTexts(partTexts);
  const practice = useTexts(practiceTexts);
  const [draft, setDraft] = useState(start);
  const put = useAct((rules: TrainingRules) => api.ask('PUT', '/training/rules', TrainingRules, rules), trainingKeys.people);
  function submit(event: FormEvent): void {
    event.preventDefault();
    put.mutate(draft, { onSuccess: onClose });
  }
  return (
    <Dialog title={say('rules.title')} size="lg" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Switch label={say('rules.field.required')} checked={draft.required} onChange={(event) => setDraft({ ...draft, required: event.currentTarget.checked })} />
          <NumberInput
            label={say('rules.field.grace')}
            description={say('rules.field.grace.help')}
            value={draft.grace_days}
            onChange={(value) => setDraft({ ...draft, grace_days: Number(value) })}
            min={0}
            max={90}
            hideControls
          />
          <NumberInput
            label={say('rules.field.remind')}
            description={say('rules.field.remind.help')}
            value={draft.remind_days}
            onChange={(value) => setDraft({ ...draft, remind_days: Number(value) })}
            min={1}
            max={90}
            hideControls
          />
          <Switch label={practice('field.asked')} checked={draft.practice} onChange={(event) => setDraft({ ...draft, practice: event.currentTarget.checked })} />
          {draft.practice && (
            <NumberInput
              label={practice('field.months')}
              description={practice('field.months.help')}
              value={draft.practice_months}
              onChange={(value) => setDraft({ ...draft, practice_months: Number(value) })}
              min={0}
              max={36}
              hideControls
            />
          )}
          {put.isError && <ProblemNotice problem={problemOf(put.error)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {parts('cancel')}
            </Button>
            <Button type="submit" loading={put.isPending}>
              {parts('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
