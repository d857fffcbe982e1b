import { PasswordInput, Select, Textarea } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { Trunk, telephoneKeys } from '../api/telephoneQueries';
import { Form } from '../clients/Form';
import { focusFirstFault } from '../parts/firstFault';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { draftOf, emptyDraft, faultsOf, sent, type Draft, type DraftFault } from './draft';
import { trunkTexts } from './texts';

/** TrunkForm names a trunk or changes it. Its password goes in and never comes out. */
export function TrunkForm({ trunk, onClose }: { trunk: Trunk | null; onClose: () => void }) {
  const say = useTexts(trunkTexts);
  const parts = useTexts(partTexts);
  const [draft, setDraft] = useState<Draft>(() => (trunk ? draftOf(trunk) : emptyDraft));
  const [asked, setAsked] = useState(false);
  const faults = asked ? faultsOf(draft, trunk) : [];
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const wrong = (fault: DraftFault) => (faults.includes(fault) ? say(`wrong.${fault}`) : undefined);
  const save = useAct(() => (trunk ? api.ask('PUT', `/trunks/${encodeURIComponent(trunk.id)}`, Trunk, sent(draft)) : api.ask('POST', '/trunks', Trunk, sent(draft))), telephoneKeys.trunks, telephoneKeys.numbers);
  const out = Number(draft.out_calls.normalize('NFKC')) > 0;
  return (
    <Form
      title={trunk ? say('edit.of', { name: trunk.name }) : say('new')}
      action={trunk ? parts('save') : say('new')}
      ready={() => {
        setAsked(true);
        focusFirstFault();
        return faultsOf(draft, trunk).length === 0;
      }}
      onSubmit={() => save.mutateAsync(undefined)}
      onClose={onClose}
    >
      <ImeInput label={say('name')} description={say('name.help')} value={draft.name} onChange={(name) => set({ name })} maxLength={60} required error={wrong('name')} data-autofocus />
      <Choice label={say('kind')} help={say(`kind.${draft.kind}.help`)} value={draft.kind} all={['registration', 'ip']} word={(one) => say(`kind.${one}`)} onChange={(kind) => set({ kind })} />
      <div className="co-pair">
        <ImeInput label={say('host')} value={draft.host} onChange={(host) => set({ host })} maxLength={253} required error={wrong('host')} />
        <ImeInput label={say('port')} value={draft.port} onChange={(port) => set({ port })} inputMode="numeric" maxLength={5} required error={wrong('port')} />
      </div>
      <div className="co-pair">
        <Choice label={say('transport')} value={draft.transport} all={['tls', 'tcp', 'udp']} word={(one) => one.toUpperCase()} onChange={(transport) => set({ transport })} />
        <Choice label={say('security')} value={draft.security} all={['sdes', 'none']} word={(one) => say(`security.${one}`)} onChange={(security) => set({ security })} error={wrong('security')} />
      </div>
      <ImeInput label={say('user')} description={say('user.help')} value={draft.user} onChange={(user) => set({ user })} maxLength={64} error={wrong('user')} autoComplete="off" />
      <PasswordInput
        label={say('secret')}
        description={trunk?.has_secret ? `${say('secret.help')} ${say('secret.keep')}` : say('secret.help')}
        value={draft.secret}
        onChange={(event) => set({ secret: event.currentTarget.value })}
        maxLength={128}
        autoComplete="new-password"
        error={wrong('secret')}
      />
      <Textarea label={say('allow')} description={say('allow.help')} value={draft.allow} onChange={(event) => set({ allow: event.currentTarget.value })} autosize minRows={2} maxRows={6} required error={wrong('allow')} />
      <ImeInput label={say('max_calls')} description={say('max_calls.help')} value={draft.max_calls} onChange={(max_calls) => set({ max_calls })} inputMode="numeric" maxLength={4} required error={wrong('max_calls')} />
      <h3>{say('out')}</h3>
      <ImeInput label={say('out_calls')} description={say('out_calls.help')} value={draft.out_calls} onChange={(out_calls) => set({ out_calls })} inputMode="numeric" maxLength={4} required error={wrong('out_calls')} />
      {out && (
        <>
          <ImeInput label={say('per_minute')} value={draft.per_minute} onChange={(per_minute) => set({ per_minute })} inputMode="numeric" maxLength={3} required error={wrong('per_minute')} />
          <div className="co-pair">
            <ImeInput label={say('from')} value={draft.from} onChange={(from) => set({ from })} maxLength={5} required error={wrong('hours')} />
            <ImeInput label={say('to')} value={draft.to} onChange={(to) => set({ to })} maxLength={5} required />
          </div>
          <Textarea label={say('prefixes')} description={say('prefixes.help')} value={draft.prefixes} onChange={(event) => set({ prefixes: event.currentTarget.value })} autosize minRows={2} maxRows={6} error={wrong('prefixes')} />
        </>
      )}
    </Form>
  );
}

type ChoiceProps<T extends string> = { label: string; help?: string; value: T; all: readonly T[]; word: (one: T) => string; onChange: (one: T) => void; error?: string | undefined };

function Choice<T extends string>({ label, help, value, all, word, onChange, error }: ChoiceProps<T>) {
  return (
    <Select
      label={label}
      description={help}
      data={all.map((one) => ({ value: one, label: word(one) }))}
      value={value}
      onChange={(chosen) => {
        const one = all.find((each) => each === chosen);
        if (one !== undefined) onChange(one);
      }}
      allowDeselect={false}
      error={error}
    />
  );
}
