import { Select } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { telephoneKeys, type Numbers, type OwnNumber } from '../api/telephoneQueries';
import { Form } from '../clients/Form';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { trunkTexts } from './texts';

type Props = { around: Numbers; number: OwnNumber | null; onClose: () => void };

/** NumberForm says on which trunk a number of ours is, for which work, and which flow answers it. */
export function NumberForm({ around, number, onClose }: Props) {
  const say = useTexts(trunkTexts);
  const parts = useTexts(partTexts);
  const [draft, setDraft] = useState({ number: number?.number ?? '', trunk: number?.trunk ?? '', work: number?.work ?? '', flow: number?.flow ?? '' });
  const [asked, setAsked] = useState(false);
  const client = around.works.find((one) => one.id === draft.work)?.client;
  const flows = around.flows.filter((one) => one.client === client);
  const flow = flows.some((one) => one.id === draft.flow) ? draft.flow : '';
  const missing = { number: plain(draft.number) === '', trunk: draft.trunk === '', work: client === undefined, flow: flow === '' };
  const place = { trunk: draft.trunk, work: draft.work, flow };
  const save = useAct(
    () => (number ? api.tell('PUT', `/numbers/${encodeURIComponent(number.number)}`, place) : api.tell('POST', '/numbers', { number: plain(draft.number), ...place })),
    telephoneKeys.numbers,
    telephoneKeys.trunks,
  );
  const choice = (field: 'trunk' | 'work' | 'flow', data: { value: string; label: string }[], help?: string) => (
    <Select
      label={say(`number.${field}`)}
      description={help}
      data={data}
      value={field === 'flow' ? flow || null : draft[field] || null}
      onChange={(value) => setDraft({ ...draft, [field]: value ?? '' })}
      searchable
      nothingFoundMessage={say(`number.${field}.none`)}
      error={asked && missing[field] ? say(`number.${field}.missing`) : undefined}
      required
    />
  );
  return (
    <Form
      title={number ? say('number.edit.of', { number: number.number }) : say('number.new')}
      action={number ? parts('save') : say('number.new')}
      ready={() => {
        setAsked(true);
        return !Object.values(missing).includes(true);
      }}
      onSubmit={() => save.mutateAsync(undefined)}
      onClose={onClose}
    >
      {number === null && (
        <ImeInput label={say('number')} description={say('number.help')} value={draft.number} onChange={(one) => setDraft({ ...draft, number: one })} maxLength={40} inputMode="tel" required error={asked && missing.number ? say('number.missing') : undefined} data-autofocus />
      )}
      {choice('trunk', around.trunks.map((one) => ({ value: one.id, label: one.name })))}
      {choice('work', around.works.map((one) => ({ value: one.id, label: say('work.of', { work: one.name, client: one.client_name }) })))}
      {choice('flow', flows.map((one) => ({ value: one.id, label: one.name })), say('number.flow.help'))}
    </Form>
  );
}
