import { Button, Checkbox, Stack, TextInput, Textarea } from '@mantine/core';
import { CheckIcon, CrossIcon, DeviceIcon, LeaveIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import type { Tone } from '@sekisho/ui/stateLook';
import { useState, type ReactNode } from 'react';
import { api } from '../api/client';
import { loanKeys } from '../api/loanQueries';
import { Loan, type LoanItem } from '../api/loanViews';
import { Form } from '../clients/Form';
import { Mark } from '../parts/Mark';
import { useAct } from '../parts/useAct';
import { linesOf } from './items';
import { loanTexts } from './texts';

const looks: { [state in LoanItem['state']]: { tone: Tone; icon: ReactNode } } = {
  out: { tone: 'quiet', icon: <DeviceIcon size={16} /> },
  back: { tone: 'open', icon: <CheckIcon size={16} /> },
  missing: { tone: 'closed', icon: <CrossIcon size={16} /> },
  carried: { tone: 'quiet', icon: <LeaveIcon size={16} /> },
};

/** ItemList is the accessories, each with where it is. */
export function ItemList({ items }: { items: LoanItem[] }) {
  const say = useTexts(loanTexts);
  if (items.length === 0) return <p>{say('items.none')}</p>;
  return (
    <ul className="co-loan-list">
      {items.map((item) => (
        <li key={item.name}>
          <Mark tone={looks[item.state].tone} icon={looks[item.state].icon}>
            {say(`item.${item.state}`)}
          </Mark>
          <span>{item.name}</span>
        </li>
      ))}
    </ul>
  );
}

/** ItemsPanel shows what went out with the PC, and lets an administrator note it. */
export function ItemsPanel({ loan, editable }: { loan: Loan; editable: boolean }) {
  const say = useTexts(loanTexts);
  const [editing, setEditing] = useState(false);
  return (
    <section className="co-block" aria-labelledby="items">
      <h2 id="items">{say('items')}</h2>
      <ItemList items={loan.items} />
      {editable && (
        <Button variant="default" onClick={() => setEditing(true)}>
          {say('items.edit')}
        </Button>
      )}
      {editing && <ItemsForm loan={loan} onClose={() => setEditing(false)} />}
    </section>
  );
}

const usual = ['item.filter', 'item.lock', 'item.headset', 'item.charger'] as const;

function ItemsForm({ loan, onClose }: { loan: Loan; onClose: () => void }) {
  const say = useTexts(loanTexts);
  const known = usual.map((key) => say(key));
  const names = loan.items.map((item) => item.name);
  const [chosen, setChosen] = useState(names.filter((name) => known.includes(name)));
  const [others, setOthers] = useState(names.filter((name) => !known.includes(name)).join('\n'));
  const [until, setUntil] = useState(loan.until);
  const put = useAct((items: string[]) => api.ask('PUT', `/loans/${encodeURIComponent(loan.id)}`, Loan, { items, until }), loanKeys.loans);
  return (
    <Form title={say('items.edit')} action={say('items.edit')} ready={() => true} onSubmit={() => put.mutateAsync([...chosen, ...linesOf(others)])} onClose={onClose}>
      <Checkbox.Group label={say('items.usual')} value={chosen} onChange={setChosen}>
        <Stack gap="xs" mt="xs">
          {known.map((name) => (
            <Checkbox key={name} value={name} label={name} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Textarea label={say('items.other')} description={say('items.other.help')} value={others} onChange={(event) => setOthers(event.currentTarget.value)} autosize minRows={2} maxRows={8} maxLength={900} />
      <TextInput type="date" label={say('items.until')} description={say('items.until.help')} value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
    </Form>
  );
}
