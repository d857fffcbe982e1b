import { Button, Group, Select, Stack } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { plain } from '@sekisho/ui/ime';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { problemOf } from '@sekisho/wire/problem';
import type { Place } from '@sekisho/wire/states';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { policiesQuery } from '../api/queries';
import { PersonSelect } from '../parts/PersonSelect';
import { partTexts } from '../parts/texts';
import { usePolicyName } from '../policies/words';
import { deviceTexts } from './texts';

export type Asset = { asset_tag: string; model: string; place: Place; person: string; policy: string };

/** AssetForm takes what an administrator says of a PC. The policy gives the place. */
export function AssetForm({ onSubmit, onCancel, children }: { onSubmit: (asset: Asset) => Promise<void>; onCancel: () => void; children?: ReactNode }) {
  const say = useTexts(deviceTexts);
  const ui = useTexts(uiTexts);
  const parts = useTexts(partTexts);
  const policyName = usePolicyName();
  const policies = useQuery(policiesQuery);
  const [asset, setAsset] = useState<Asset>({ asset_tag: '', model: '', place: 'home', person: '', policy: '' });
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const set = (change: Partial<Asset>) => setAsset((before) => ({ ...before, ...change }));
  const tag = plain(asset.asset_tag);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (tag === '' || asset.person === '' || asset.policy === '') return;
    setBusy(true);
    setFailure(null);
    try {
      await onSubmit({ ...asset, asset_tag: tag, model: plain(asset.model) });
    } catch (thrown) {
      setFailure(thrown);
    }
    setBusy(false);
  }

  function choosePolicy(name: string) {
    const policy = policies.data?.policies.find((one) => one.name === name);
    set({ policy: name, ...(policy && policy.place !== '' ? { place: policy.place } : {}) });
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <ImeInput
          label={say('field.tag')}
          description={say('field.tag.help')}
          value={asset.asset_tag}
          onChange={(value) => set({ asset_tag: value })}
          maxLength={64}
          required
          error={asked && tag === '' ? say('field.tag.missing') : undefined}
          data-autofocus
        />
        <ImeInput label={say('field.model')} value={asset.model} onChange={(value) => set({ model: value })} maxLength={128} />
        <PersonSelect
          label={say('field.person')}
          value={asset.person}
          onChange={(person) => set({ person })}
          none={say('field.person.none')}
          required
          error={asked && asset.person === '' ? say('field.person.missing') : undefined}
        />
        <Group grow align="flex-start">
          <Select
            label={say('field.policy')}
            data={(policies.data?.policies ?? []).map((one) => ({ value: one.name, label: policyName(one.name) }))}
            value={asset.policy === '' ? null : asset.policy}
            onChange={(value) => choosePolicy(value ?? '')}
            required
            error={asked && asset.policy === '' ? say('field.policy.missing') : undefined}
          />
          <Select
            label={say('field.place')}
            data={[
              { value: 'home', label: ui('place.home') },
              { value: 'office', label: ui('place.office') },
            ]}
            value={asset.place}
            onChange={(value) => set({ place: value === 'office' ? 'office' : 'home' })}
            allowDeselect={false}
          />
        </Group>
        {children}
        {policies.isError && <ProblemNotice problem={problemOf(policies.error)} />}
        {failure !== null && <ProblemNotice problem={problemOf(failure)} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel} disabled={busy}>
            {parts('cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {say('wizard.register')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
