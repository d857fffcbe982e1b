import { Button, Checkbox, Group, Select, Stack } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type FormEvent } from 'react';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { faultsOf, isFaulty, levels, limited, platforms, systemName, type Draft, type DraftRule, type Level } from './draft';
import { PlaceFields } from './PlaceFields';
import { postureTexts } from './texts';
import { useCheckName } from './words';

type RulesFormProps = { title: string; start: Draft; onSubmit: (draft: Draft) => Promise<unknown>; onClose: () => void };

/** RulesForm changes what a policy asks of its PCs, within the bounds that the room has. */
export function RulesForm({ title, start, onSubmit, onClose }: RulesFormProps) {
  const say = useTexts(postureTexts);
  const parts = useTexts(partTexts);
  const [draft, setDraft] = useState(start);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const faults = faultsOf(draft);
  const change = (check: string, to: Partial<DraftRule>) =>
    setDraft((before) => ({ ...before, rules: before.rules.map((rule) => (rule.check === check ? { ...rule, ...to } : rule)) }));

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setAsked(true);
    if (isFaulty(faults)) {
      const form = event.currentTarget; // the form is long: the first fault comes into view
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      await onSubmit(draft);
      onClose();
    } catch (thrown) {
      setFailure(thrown);
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} size="xl" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <p className="co-quiet">{say('form.unknown')}</p>
          <ul className="co-posture-rules">
            {draft.rules.map((rule) => {
              const fault = asked ? faults.limit[rule.check] : undefined;
              return (
                <li key={rule.check}>
                  <RuleFields rule={rule} error={fault ? say(fault) : undefined} onChange={(to) => change(rule.check, to)} />
                  {rule.check === 'agent_version' && (
                    <ImeInput
                      label={say('field.agent')}
                      description={say('field.agent.help')}
                      value={draft.agent}
                      onChange={(agent) => setDraft((before) => ({ ...before, agent }))}
                      maxLength={20}
                      className="co-seconds"
                      error={asked && faults.agent ? say(faults.agent) : undefined}
                    />
                  )}
                </li>
              );
            })}
          </ul>
          <PlaceFields
            places={draft.places}
            faults={asked ? faults.places : {}}
            onChange={(places) => setDraft((before) => ({ ...before, places }))}
          />
          {failure !== null && <ProblemNotice problem={problemOf(failure)} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} disabled={busy}>
              {parts('cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {parts('save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function RuleFields({ rule, error, onChange }: { rule: DraftRule; error: string | undefined; onChange: (to: Partial<DraftRule>) => void }) {
  const say = useTexts(postureTexts);
  const name = useCheckName()(rule.check);
  return (
    <fieldset className="co-posture-rule">
      <legend>{name}</legend>
      <Select
        aria-label={say('field.level', { name })}
        data={levels.map((level) => ({ value: level, label: say(`level.${level}`) }))}
        value={rule.level}
        onChange={(value) => onChange({ level: levels.find((one) => one === value) ?? ('close' satisfies Level) })}
        allowDeselect={false}
      />
      <Checkbox.Group aria-label={say('field.on', { name })} value={rule.on} onChange={(on) => onChange({ on: platforms.filter((one) => on.includes(one)) })}>
        <Group gap="sm">
          {platforms.map((platform) => (
            <Checkbox key={platform} value={platform} label={systemName[platform]} disabled={rule.level === 'off'} />
          ))}
        </Group>
      </Checkbox.Group>
      {limited(rule.check) && (
        <ImeInput
          label={say(rule.check === 'os_age' ? 'field.days' : 'field.seconds')}
          value={rule.limit}
          onChange={(limit) => onChange({ limit })}
          inputMode="numeric"
          maxLength={4}
          className="co-seconds"
          error={error}
        />
      )}
    </fieldset>
  );
}
