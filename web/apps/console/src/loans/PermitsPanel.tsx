import { Button, Group, Select, TextInput } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { loanKeys } from '../api/loanQueries';
import { Loan, type Permit } from '../api/loanViews';
import { today } from '../clients/draft';
import { Form } from '../clients/Form';
import { Confirm } from '../parts/Confirm';
import { useAct } from '../parts/useAct';
import { PermitMark } from './PermitMark';
import { loanTexts } from './texts';

/** PermitsPanel gives and takes back leave to work with this PC outside the office. */
export function PermitsPanel({ loan }: { loan: Loan }) {
  const say = useTexts(loanTexts);
  const [giving, setGiving] = useState(false);
  const [ending, setEnding] = useState<Permit | null>(null);
  const end = useAct((id: string) => api.tell('POST', `/permits/${encodeURIComponent(id)}/end`), loanKeys.loans);
  return (
    <section className="co-block" aria-labelledby="permits">
      <h2 id="permits">{say('permits')}</h2>
      <p className="co-quiet">{say('permits.lead')}</p>
      {loan.permits.length === 0 ? (
        <p>{say('permits.none')}</p>
      ) : (
        <ul className="co-loan-list">
          {loan.permits.map((permit) => (
            <li key={permit.id}>
              <PermitMark permit={permit} />
              <span>
                {say(`where.${permit.where}`)} {say('permit.days', { from: permit.from, until: permit.until })}
                <br />
                <span className="co-quiet">{say('permit.by', { name: permit.approver_name })}</span>
              </span>
              {(permit.state === 'now' || permit.state === 'ahead') && (
                <Button variant="default" size="xs" onClick={() => setEnding(permit)}>
                  {say('permit.end')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <Button onClick={() => setGiving(true)}>{say('permit.give')}</Button>
      {giving && <PermitForm loan={loan} onClose={() => setGiving(false)} />}
      {ending && (
        <Confirm
          title={say('permit.end.title')}
          consequences={[say('permit.end.1'), say('permit.end.2')]}
          action={say('permit.end')}
          danger
          reason="none"
          onConfirm={() => end.mutateAsync(ending.id)}
          onClose={() => setEnding(null)}
        />
      )}
    </section>
  );
}

type Draft = { where: string; from: string; until: string };

function PermitForm({ loan, onClose }: { loan: Loan; onClose: () => void }) {
  const say = useTexts(loanTexts);
  const [draft, setDraft] = useState<Draft>(() => ({ where: 'home', from: today(new Date()), until: '' }));
  const [asked, setAsked] = useState(false);
  const give = useAct((body: Draft) => api.ask('POST', `/loans/${encodeURIComponent(loan.id)}/permits`, Loan, body), loanKeys.loans);
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const wrongFrom = draft.from === '';
  const wrongUntil = draft.until === '' || draft.until < draft.from;
  return (
    <Form
      title={say('permit.give.title', { tag: loan.asset_tag })}
      action={say('permit.give')}
      ready={() => {
        setAsked(true);
        return !wrongFrom && !wrongUntil;
      }}
      onSubmit={() => give.mutateAsync(draft)}
      onClose={onClose}
    >
      <Select
        label={say('permit.where')}
        description={say('permit.where.help')}
        value={draft.where}
        onChange={(value) => set({ where: value ?? 'home' })}
        data={[
          { value: 'home', label: say('where.home') },
          { value: 'approved', label: say('where.approved') },
        ]}
        allowDeselect={false}
        data-autofocus
      />
      <Group grow align="flex-start">
        <TextInput type="date" label={say('permit.from')} value={draft.from} onChange={(event) => set({ from: event.currentTarget.value })} required error={asked && wrongFrom ? say('permit.from.missing') : undefined} />
        <TextInput type="date" label={say('permit.until')} value={draft.until} onChange={(event) => set({ until: event.currentTarget.value })} required error={asked && wrongUntil ? say('permit.until.missing') : undefined} />
      </Group>
    </Form>
  );
}
