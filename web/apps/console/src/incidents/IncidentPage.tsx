import { BackIcon, WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { incidentQuery } from '../api/queries';
import type { IncidentDetail } from '../api/views';
import { StateMark } from '../floor/SeatState';
import { Answer } from '../parts/Answer';
import { Facts, type Fact } from '../parts/Facts';
import { PageHead } from '../parts/PageHead';
import { useMay } from '../session/useMay';
import { Decide } from './Decide';
import { DecisionMark } from './Marks';
import { Records } from './Records';
import { incidentTexts } from './texts';

/** IncidentPage is one detection: what is known, the sealed record, the decision. */
export function IncidentPage({ id }: { id: string }) {
  const say = useTexts(incidentTexts);
  const incident = useQuery(incidentQuery(id));
  return (
    <>
      <Link to="/incidents" className="co-back">
        <BackIcon size={18} />
        {say('to.list')}
      </Link>
      <PageHead title={say('detail.title')}>{incident.data && <DecisionMark decision={incident.data.decision} />}</PageHead>
      <Answer query={incident}>{(one) => <Body incident={one} />}</Answer>
    </>
  );
}

function Body({ incident }: { incident: IncidentDetail }) {
  const say = useTexts(incidentTexts);
  const allowed = useMay();
  return (
    <div className="co-columns">
      <div>
        <section className="co-block" aria-labelledby="facts">
          <h2 id="facts">{say('facts')}</h2>
          <Facts facts={useFacts(incident)} />
          {incident.session !== '' && (
            <Link to="/audit" search={{ session: incident.session }} className="co-link">
              {say('to.audit')}
            </Link>
          )}
        </section>
        {incident.objection !== '' && (
          <section className="co-block" aria-labelledby="objection">
            <h2 id="objection">{say('objection')}</h2>
            <p className="co-note" data-tone="attention">
              <WarnIcon size={18} />
              <span>{incident.objection}</span>
            </p>
          </section>
        )}
        <Decide incident={incident} officer={allowed('officer')} />
      </div>
      <Records incident={incident} holds={allowed('officer', 'evidence.hold')} fetches={allowed('officer', 'evidence.fetch')} />
    </div>
  );
}

function useFacts(incident: IncidentDetail): Fact[] {
  const say = useTexts(incidentTexts);
  const { language } = useLanguage();
  return [
    { label: say('col.state'), value: <StateMark state={incident.state} /> },
    { label: say('col.at'), value: dateTime(incident.at, language) },
    { label: say('col.person'), value: incident.name },
    { label: say('col.pc'), value: incident.asset_tag },
    { label: say('fact.faces'), value: String(incident.faces) },
    { label: say('fact.first'), value: say('fact.first.ms', { ms: incident.first_ms }) },
    { label: say('fact.locked'), value: say(incident.os_locked ? 'locked.yes' : 'locked.no') },
  ];
}
