import { Button } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import type { Loan } from '../api/loanViews';
import { Facts } from '../parts/Facts';
import { shellTexts } from '../shell/texts';
import { ItemList } from './ItemsPanel';
import { loanTexts } from './texts';

/** ReturnSlip is who received what, and what is missing: to be printed and signed. */
export function ReturnSlip({ loan }: { loan: Loan }) {
  const say = useTexts(loanTexts);
  const shell = useTexts(shellTexts);
  const { language } = useLanguage();
  const missing = loan.items.filter((item) => item.state === 'missing').map((item) => item.name);
  return (
    <section className="co-block co-slip" aria-labelledby="slip">
      <h2 id="slip">{say('slip')}</h2>
      <Facts
        facts={[
          { label: say('col.tag'), value: loan.asset_tag },
          { label: say('col.person'), value: loan.person_name },
          { label: say('fact.back'), value: loan.back === null ? '' : dateTime(loan.back, language) },
          { label: say('fact.back_to'), value: loan.back_to_name },
          { label: say('fact.note'), value: loan.note },
        ]}
      />
      <ItemList items={loan.items} />
      {loan.items.length > 0 && <p>{missing.length === 0 ? say('slip.all') : say('slip.missing', { names: missing.join(shell('list.separator')) })}</p>}
      <p className="co-slip-sign">{say('slip.sign')}</p>
      <Button variant="default" className="co-no-print co-office" onClick={() => window.print()}>
        {say('slip.print')}
      </Button>
    </section>
  );
}
