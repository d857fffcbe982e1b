import { Button, Checkbox, Group, NumberInput, Select, Stack } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { CheckIcon } from '@sekisho/ui/icons';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { readinessKeys, RoomRules, roomRulesQuery, type RoomQuestion } from '../api/readinessQueries';
import { Answer } from '../parts/Answer';
import { PlusIcon } from '../parts/icons';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { newQuestion } from './draft';
import { readinessTexts } from './texts';

const most = 20;

/** RulesTab is what a self-check asks; administrators change it. */
export function RulesTab({ may }: { may: boolean }) {
  const say = useTexts(readinessTexts);
  const rules = useQuery(roomRulesQuery);
  const [saved, setSaved] = useState(false);
  return (
    <>
      <div role="status">
        {saved && (
          <p className="co-note co-readiness-note" data-tone="open">
            <CheckIcon size={18} />
            <span>{say('rules.saved')}</span>
          </p>
        )}
      </div>
      <Answer query={rules}>{(answer) => <Form key={answer.version} rules={answer} may={may} onSaved={setSaved} />}</Answer>
    </>
  );
}

function Form({ rules, may, onSaved }: { rules: RoomRules; may: boolean; onSaved: (saved: boolean) => void }) {
  const say = useTexts(readinessTexts);
  const parts = useTexts(partTexts);
  const [draft, setDraft] = useState(rules);
  const put = useAct((next: RoomRules) => api.ask('PUT', '/readiness/rules', RoomRules, next), readinessKeys.all);
  const set = (change: Partial<RoomRules>) => setDraft((before) => ({ ...before, ...change }));
  const change = (at: number, next: RoomQuestion | null) =>
    set({ questions: draft.questions.flatMap((one, index) => (index === at ? (next === null ? [] : [next]) : [one])) });
  const number = (value: number | string) => (typeof value === 'number' ? value : 0);

  function submit(event: FormEvent) {
    event.preventDefault();
    const questions = draft.questions.map((one) => ({ ...one, text: { ja: plain(one.text.ja), en: plain(one.text.en) } }));
    onSaved(false);
    put.mutate({ ...draft, questions }, { onSuccess: () => onSaved(true) });
  }

  return (
    <form onSubmit={submit} noValidate className="co-block">
      <Stack gap="md">
        <p className="co-quiet">{say('rules.lead')}</p>
        <Group align="flex-start" grow preventGrowOverflow={false}>
          <Select
            label={say('rules.photo')}
            description={say('rules.photo.help')}
            data={(['none', 'optional', 'required'] as const).map((value) => ({ value, label: say(`rules.photo.${value}`) }))}
            value={draft.photo}
            onChange={(value) => set({ photo: value === 'none' || value === 'required' ? value : 'optional' })}
            allowDeselect={false}
            disabled={!may}
          />
          <NumberInput label={say('rules.keep')} value={draft.keep_days} onChange={(value) => set({ keep_days: number(value) })} min={30} max={730} disabled={!may} />
        </Group>
        <Group align="flex-start" grow>
          <NumberInput label={say('rules.valid')} value={draft.valid_months} onChange={(value) => set({ valid_months: number(value) })} min={1} max={24} disabled={!may} />
          <NumberInput label={say('rules.late')} value={draft.late_days} onChange={(value) => set({ late_days: number(value) })} min={0} max={90} disabled={!may} />
        </Group>
        <h2>{say('rules.questions')}</h2>
        <ol className="co-room-questions">
          {draft.questions.map((one, index) => (
            <li key={one.id}>
              <ImeInput label={say('rules.question', { n: index + 1 })} value={one.text.ja} onChange={(ja) => change(index, { ...one, text: { ...one.text, ja } })} maxLength={200} required disabled={!may} />
              <ImeInput label={say('rules.question.en', { n: index + 1 })} value={one.text.en} onChange={(en) => change(index, { ...one, text: { ...one.text, en } })} maxLength={200} required disabled={!may} />
              <Group justify="space-between">
                <Checkbox label={say('rules.needed')} checked={one.needed} onChange={(event) => change(index, { ...one, needed: event.currentTarget.checked })} disabled={!may} />
                {may && draft.questions.length > 1 && (
                  <Button variant="default" size="compact-md" onClick={() => change(index, null)}>
                    {say('rules.remove', { n: index + 1 })}
                  </Button>
                )}
              </Group>
            </li>
          ))}
        </ol>
        {put.isError && <ProblemNotice problem={problemOf(put.error)} />}
        {may && (
          <Group justify="space-between">
            <Button variant="default" leftSection={<PlusIcon size={18} />} disabled={draft.questions.length >= most} onClick={() => set({ questions: [...draft.questions, newQuestion(draft.questions)] })}>
              {say('rules.add')}
            </Button>
            <Button type="submit" loading={put.isPending}>
              {parts('save')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
