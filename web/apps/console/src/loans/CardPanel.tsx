import { Button, Group } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useState } from 'react';
import { api } from '../api/client';
import { loanKeys } from '../api/loanQueries';
import { LossCard, type Loan } from '../api/loanViews';
import { Confirm } from '../parts/Confirm';
import { useAct } from '../parts/useAct';
import { CardSheet } from './CardSheet';
import { loanTexts } from './texts';

/** CardPanel makes the loss card and shows it the one time it can be shown. */
export function CardPanel({ loan }: { loan: Loan }) {
  const say = useTexts(loanTexts);
  const { language } = useLanguage();
  const [asking, setAsking] = useState(false);
  const [card, setCard] = useState<LossCard | null>(null);
  const make = useAct(() => api.ask('POST', `/loans/${encodeURIComponent(loan.id)}/card`, LossCard), loanKeys.loans);
  const run = () => make.mutateAsync().then(setCard);
  return (
    <section className="co-block" aria-labelledby="card">
      <h2 id="card">{say('card')}</h2>
      <p className="co-quiet">{say('card.lead')}</p>
      <p>{loan.card_state === 'none' || loan.card_made === null ? say('card.none') : say(`card.${loan.card_state}`, { at: dateTime(loan.card_made, language) })}</p>
      {make.isError && !asking && <ProblemNotice problem={problemOf(make.error)} />}
      {card === null && (
        <Button variant="default" loading={make.isPending} onClick={() => (loan.card_state === 'open' ? setAsking(true) : void run().catch(() => undefined))}>
          {say(loan.card_state === 'open' ? 'card.remake' : 'card.make')}
        </Button>
      )}
      {card && <CardOnce card={card} onDone={() => setCard(null)} />}
      {asking && <Confirm title={say('card.remake')} consequences={[say('card.remake.1')]} action={say('card.remake')} reason="none" onConfirm={run} onClose={() => setAsking(false)} />}
    </section>
  );
}

/** CardOnce shows a new card until somebody says that it is printed. */
export function CardOnce({ card, onDone }: { card: LossCard; onDone: () => void }) {
  const say = useTexts(loanTexts);
  return (
    <>
      <p className="co-note" data-tone="attention">
        <WarnIcon size={18} />
        <span>{say('card.once')}</span>
      </p>
      <CardSheet tag={card.asset_tag} name={card.person_name} link={card.link} />
      <Group gap="sm" className="co-no-print">
        <Button className="co-office" onClick={() => window.print()}>{say('print')}</Button>
        <Button variant="default" onClick={onDone}>
          {say('done')}
        </Button>
      </Group>
    </>
  );
}
