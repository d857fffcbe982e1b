import { Checkbox, Select, Textarea } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { strategies, telephoneKeys, tiers, type Queue, type Queues } from '../api/telephoneQueries';
import { Form } from '../clients/Form';
import { focusFirstFault } from '../parts/firstFault';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { draftOf, faultsOf, settingsOf, type Draft, type DraftFault, type NumberField } from './draft';
import { SkillFields, WidenFields } from './fields';
import { queueTexts } from './texts';

/** QueueForm makes a queue or sets it otherwise: every setting in words. */
export function QueueForm({ around, queue, onClose }: { around: Queues; queue: Queue | null; onClose: () => void }) {
  const say = useTexts(queueTexts);
  const parts = useTexts(partTexts);
  const [draft, setDraft] = useState<Draft>(() => (queue ? draftOf(queue.name, queue.work, queue.settings) : draftOf('', '', around.standard)));
  const [asked, setAsked] = useState(false);
  const faults = asked ? faultsOf(draft) : [];
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const wrong = (fault: DraftFault) => (faults.includes(fault) ? say(`wrong.${fault}`) : undefined);
  const work = around.works.find((one) => one.id === draft.work);
  const client = queue?.client ?? work?.client;
  const others = around.queues.filter((one) => one.client === client && one.id !== queue?.id && !one.retired);
  const save = useAct(() => {
    const body = { name: plain(draft.name), settings: settingsOf(draft) };
    return queue ? api.tell('PUT', `/queues/${encodeURIComponent(queue.id)}`, body) : api.tell('POST', '/queues', { ...body, client: client ?? '', work: draft.work });
  }, telephoneKeys.queues);
  const number = (field: NumberField) => (
    <ImeInput label={say(`field.${field}`)} description={say(`help.${field}`)} value={draft[field]} onChange={(value) => set({ [field]: value } as Partial<Draft>)} inputMode="numeric" maxLength={5} required error={wrong(field)} />
  );
  return (
    <Form
      title={queue ? say('edit.of', { name: queue.name }) : say('new')}
      action={queue ? parts('save') : say('new')}
      ready={() => {
        setAsked(true);
        focusFirstFault();
        return faultsOf(draft).length === 0;
      }}
      onSubmit={() => save.mutateAsync(undefined)}
      onClose={onClose}
    >
      <ImeInput label={say('field.name')} value={draft.name} onChange={(name) => set({ name })} maxLength={64} required error={wrong('name')} data-autofocus />
      {queue === null && (
        <Select label={say('field.work')} data={around.works.map((one) => ({ value: one.id, label: say('work.of', { work: one.name, client: one.client_name }) }))} value={draft.work || null} onChange={(value) => set({ work: value ?? '', overflow: '' })} searchable nothingFoundMessage={say('work.none')} required error={wrong('work')} />
      )}
      <h3>{say('part.who')}</h3>
      <Select label={say('field.strategy')} description={say(`strategy.${draft.strategy}.help`)} data={strategies.map((one) => ({ value: one, label: say(`strategy.${one}`) }))} value={draft.strategy} onChange={(value) => set({ strategy: strategies.find((one) => one === value) ?? draft.strategy })} allowDeselect={false} />
      <Checkbox.Group label={say('field.places')} value={[...(draft.office ? ['office'] : []), ...(draft.home ? ['home'] : [])]} onChange={(chosen) => set({ office: chosen.includes('office'), home: chosen.includes('home') })} error={wrong('places')}>
        <Checkbox value="office" label={say('place.office')} mt="xs" />
        <Checkbox value="home" label={say('place.home')} description={say('place.home.help')} mt="xs" />
      </Checkbox.Group>
      {draft.home && <Checkbox checked={draft.home_little} onChange={(event) => set({ home_little: event.currentTarget.checked })} label={say('field.home_little')} description={say('help.home_little')} />}
      <Select label={say('field.min_tier')} description={say('help.min_tier')} data={tiers.map((one) => ({ value: one, label: say(`tier.${one}`) }))} value={draft.min_tier} onChange={(value) => set({ min_tier: tiers.find((one) => one === value) ?? draft.min_tier })} allowDeselect={false} />
      <SkillFields skills={draft.skills} onChange={(skills) => set({ skills })} error={wrong('skills')} />
      {draft.skills.length > 0 && <WidenFields widen={draft.widen} onChange={(widen) => set({ widen })} error={wrong('widen')} />}
      <h3>{say('part.waiting')}</h3>
      {number('priority')}
      {number('max_length')}
      {number('max_wait')}
      <Select label={say('field.overflow')} description={say('help.overflow')} data={[{ value: '', label: say('overflow.none') }, ...others.map((one) => ({ value: one.id, label: one.name }))]} value={draft.overflow} onChange={(value) => set({ overflow: value ?? '' })} allowDeselect={false} />
      {number('tell_every')}
      <h3>{say('part.answer')}</h3>
      {number('ring_for')}
      {number('target')}
      {number('short_within')}
      <h3>{say('part.wrap')}</h3>
      {number('wrap_up')}
      <Textarea label={say('field.codes')} description={say('help.codes')} value={draft.codes} onChange={(event) => set({ codes: event.currentTarget.value })} autosize minRows={2} maxRows={8} error={wrong('codes')} />
      <Checkbox checked={draft.code_needed} onChange={(event) => set({ code_needed: event.currentTarget.checked })} label={say('field.code_needed')} />
    </Form>
  );
}
