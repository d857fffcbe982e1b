import { Button, Checkbox, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { loanKeys } from '../api/loanQueries';
import { Loan, LossCard } from '../api/loanViews';
import { keys } from '../api/queries';
import { Form } from '../clients/Form';
import { Confirm } from '../parts/Confirm';
import { useAct } from '../parts/useAct';
import { CardOnce } from './CardPanel';
import { loanTexts } from './texts';

/** LoanActs are the ways in which a loan ends. */
export function LoanActs({ loan, over, administrator }: { loan: Loan; over: boolean; administrator: boolean }) {
  const say = useTexts(loanTexts);
  const [asking, setAsking] = useState<'' | 'lost' | 'return' | 'replace'>('');
  const [card, setCard] = useState<LossCard | null>(null);
  const lost = useAct((note: string) => api.tell('POST', `/loans/${encodeURIComponent(loan.id)}/lost`, { note }), loanKeys.loans, keys.devices);
  const close = () => setAsking('');
  return (
    <section className="co-block" aria-labelledby="acts">
      <h2 id="acts">{say('acts')}</h2>
      {card && <CardOnce card={card} onDone={() => setCard(null)} />}
      {over ? (
        <p className="co-quiet">{say('acts.none')}</p>
      ) : (
        <Group gap="sm">
          {administrator && <Button variant="default" onClick={() => setAsking('return')}>{say('return')}</Button>}
          {administrator && <Button variant="default" onClick={() => setAsking('replace')}>{say('replace')}</Button>}
          <Button color="beni" onClick={() => setAsking('lost')}>
            {say('lost')}
          </Button>
        </Group>
      )}
      {asking === 'lost' && (
        <Confirm title={say('lost.title', { tag: loan.asset_tag })} consequences={[say('lost.1'), say('lost.2')]} action={say('lost')} danger reason="optional" onConfirm={(note) => lost.mutateAsync(note.slice(0, 400))} onClose={close} />
      )}
      {asking === 'return' && <ReturnForm loan={loan} onClose={close} />}
      {asking === 'replace' && <ReplaceForm loan={loan} onDone={setCard} onClose={close} />}
    </section>
  );
}

function ReturnForm({ loan, onClose }: { loan: Loan; onClose: () => void }) {
  const say = useTexts(loanTexts);
  const [back, setBack] = useState<string[]>([]);
  const [note, setNote] = useState('');
  const receive = useAct(() => api.ask('POST', `/loans/${encodeURIComponent(loan.id)}/return`, Loan, { back, note: plain(note) }), loanKeys.loans, keys.devices);
  return (
    <Form title={say('return.title', { tag: loan.asset_tag })} action={say('return')} ready={() => true} onSubmit={() => receive.mutateAsync()} onClose={onClose}>
      <Text size="sm">{say('return.lead')}</Text>
      {loan.items.length === 0 ? (
        <Text size="sm">{say('items.none')}</Text>
      ) : (
        <Checkbox.Group label={say('item.back')} value={back} onChange={setBack}>
          <Stack gap="xs" mt="xs">
            {loan.items.map((item) => (
              <Checkbox key={item.name} value={item.name} label={item.name} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <ImeInput label={say('return.note')} description={say('return.note.help')} value={note} onChange={setNote} maxLength={500} />
      <div className="co-consequence">
        <p>{say('return.ends')}</p>
      </div>
    </Form>
  );
}

function ReplaceForm({ loan, onDone, onClose }: { loan: Loan; onDone: (card: LossCard) => void; onClose: () => void }) {
  const say = useTexts(loanTexts);
  const [draft, setDraft] = useState({ tag: '', model: loan.model, reason: '', lost: false });
  const [asked, setAsked] = useState(false);
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }));
  const tag = plain(draft.tag);
  const reason = plain(draft.reason);
  const replace = useAct(
    () => api.ask('POST', `/loans/${encodeURIComponent(loan.id)}/replace`, LossCard, { asset_tag: tag, model: plain(draft.model), reason, lost: draft.lost }),
    loanKeys.loans,
    keys.devices,
  );
  return (
    <Form
      title={say('replace.title', { tag: loan.asset_tag })}
      action={say('replace')}
      ready={() => {
        setAsked(true);
        return tag !== '' && reason !== '';
      }}
      onSubmit={() => replace.mutateAsync().then(onDone)}
      onClose={onClose}
    >
      <Text size="sm">{say('replace.lead')}</Text>
      {loan.permit !== null && <Text size="sm">{say('replace.permit')}</Text>}
      <ImeInput label={say('replace.tag')} value={draft.tag} onChange={(value) => set({ tag: value })} maxLength={64} required error={asked && tag === '' ? say('replace.tag.missing') : undefined} data-autofocus />
      <TextInput label={say('replace.model')} value={draft.model} onChange={(event) => set({ model: event.currentTarget.value })} maxLength={128} />
      <SegmentedControl
        aria-label={say('replace.why')}
        value={draft.lost ? 'lost' : 'back'}
        onChange={(value) => set({ lost: value === 'lost' })}
        data={[
          { value: 'back', label: say('replace.back') },
          { value: 'lost', label: say('replace.lost') },
        ]}
      />
      <Textarea label={say('replace.reason')} value={draft.reason} onChange={(event) => set({ reason: event.currentTarget.value })} maxLength={500} autosize minRows={2} required error={asked && reason === '' ? say('replace.reason.missing') : undefined} />
    </Form>
  );
}
