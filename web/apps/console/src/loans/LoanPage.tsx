import { BackIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { loanQuery } from '../api/loanQueries';
import type { Loan } from '../api/loanViews';
import { DeviceState } from '../devices/DeviceState';
import { Answer } from '../parts/Answer';
import { Facts, type Fact } from '../parts/Facts';
import { PageHead } from '../parts/PageHead';
import { useMay } from '../session/useMay';
import { CardPanel } from './CardPanel';
import { ended } from './filter';
import { FirstPanel } from './FirstPanel';
import { ItemsPanel } from './ItemsPanel';
import { LoanActs } from './LoanActs';
import { PermitsPanel } from './PermitsPanel';
import { ReceivedPanel } from './ReceivedPanel';
import { ReturnSlip } from './ReturnSlip';
import { loanTexts } from './texts';
import './loans.css';

/** LoanPage is one PC on its way out and back: what goes with it, by what leave, and how it ends. */
export function LoanPage({ id }: { id: string }) {
  const say = useTexts(loanTexts);
  const loan = useQuery(loanQuery(id));
  const may = useMay();
  const administrator = may('administrator', 'devices.manage');
  return (
    <>
      <Link to="/loans" className="co-back">
        <BackIcon size={18} />
        {say('to.list')}
      </Link>
      <PageHead title={loan.data?.asset_tag ?? say('title')}>
        {loan.data && <DeviceState state={loan.data.state} />}
        {administrator && (
          <Link to="/devices/$id" params={{ id }} className="co-link">
            {say('to.device')}
          </Link>
        )}
      </PageHead>
      <Answer query={loan}>{(one) => <Body loan={one} administrator={administrator} />}</Answer>
    </>
  );
}

function Body({ loan, administrator }: { loan: Loan; administrator: boolean }) {
  const facts = useFacts(loan);
  const may = useMay();
  const permits = may('supervisor') || may('administrator');
  const over = ended(loan);
  return (
    <div className="co-columns">
      <div>
        {loan.back !== null && <ReturnSlip loan={loan} />}
        {loan.code_held && <ReceivedPanel loan={loan} />}
        {!over && permits && <PermitsPanel loan={loan} />}
        {loan.back === null && <ItemsPanel loan={loan} editable={administrator && !over} />}
        {permits && (!over || loan.tied.length > 0) && <FirstPanel loan={loan} />}
        {administrator && !over && <CardPanel loan={loan} />}
        <LoanActs loan={loan} over={over} administrator={administrator} />
      </div>
      <section className="co-block co-loan-facts">
        <Facts facts={facts} />
      </section>
    </div>
  );
}

function useFacts(loan: Loan): Fact[] {
  const say = useTexts(loanTexts);
  const ui = useTexts(uiTexts);
  const { language } = useLanguage();
  return [
    { label: say('col.person'), value: loan.person_name },
    { label: say('col.model'), value: loan.model },
    { label: say('col.place'), value: ui(loan.place === '' ? 'place.none' : `place.${loan.place}`) },
    { label: say('col.until'), value: loan.until === '' ? say('no.end') : loan.until },
    { label: say('fact.since'), value: loan.since === null ? '' : dateTime(loan.since, language) },
  ];
}
