import { Button, Group, Radio, Select, Stack, Switch } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type FormEvent } from 'react';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { faultsOf, type Draft, type DraftFault } from './draft';
import { policyTexts } from './texts';

type PolicyFormProps = { title: string; start: Draft; names: string[]; onSubmit: (draft: Draft) => Promise<unknown>; onClose: () => void };

/** PolicyForm changes a policy's words and times, within the bounds that the room has. */
export function PolicyForm({ title, start, names, onSubmit, onClose }: PolicyFormProps) {
  const say = useTexts(policyTexts);
  const ui = useTexts(uiTexts);
  const parts = useTexts(partTexts);
  const [draft, setDraft] = useState(start);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const faults = asked ? faultsOf(draft, names) : [];
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const faulty = (...wanted: DraftFault[]) => {
    const fault = wanted.find((one) => faults.includes(one));
    return fault ? say(fault) : undefined;
  };

  async function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (faultsOf(draft, names).length > 0) return;
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
    <Dialog title={title} size="lg" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          {start.version === 0 && (
            <ImeInput
              label={say('field.name')}
              description={say('field.name.help')}
              value={draft.name}
              onChange={(value) => set({ name: value })}
              maxLength={32}
              required
              error={faulty('fault.name', 'fault.taken')}
              data-autofocus
            />
          )}
          <Select
            label={say('field.place')}
            data={[
              { value: 'home', label: ui('place.home') },
              { value: 'office', label: ui('place.office') },
            ]}
            value={draft.place}
            onChange={(value) => set({ place: value === 'office' ? 'office' : 'home' })}
            allowDeselect={false}
          />
          <ImeInput
            label={say('field.absent')}
            description={say('field.absent.help')}
            value={draft.absent}
            onChange={(absent) => set({ absent })}
            inputMode="decimal"
            maxLength={5}
            required
            className="co-seconds"
            error={faulty('fault.absent')}
          />
          <Switch
            label={say('field.onlooker')}
            description={draft.place === 'home' ? say('field.onlooker.home') : undefined}
            checked={draft.place === 'home' || draft.onlooker}
            disabled={draft.place === 'home'}
            onChange={(event) => set({ onlooker: event.currentTarget.checked })}
          />
          <Radio.Group label={say('field.reentry')} value={draft.reentry} onChange={(value) => set({ reentry: value === 'standard' ? 'standard' : 'strict' })}>
            <Stack gap="xs" mt="xs">
              <Radio value="standard" label={say('reentry.standard')} />
              <Radio value="strict" label={say('reentry.strict')} />
            </Stack>
          </Radio.Group>
          <Switch label={say('field.lock')} checked={draft.lock_os} onChange={(event) => set({ lock_os: event.currentTarget.checked })} />
          <ImeInput
            label={say('field.confirm')}
            description={say('field.confirm.help')}
            value={draft.confirm}
            onChange={(confirm) => set({ confirm })}
            inputMode="numeric"
            maxLength={4}
            required
            className="co-seconds"
            error={faulty('fault.confirm')}
          />
          <Switch
            label={say('field.software')}
            description={say('field.software.help')}
            checked={draft.allow_software}
            onChange={(event) => set({ allow_software: event.currentTarget.checked })}
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
