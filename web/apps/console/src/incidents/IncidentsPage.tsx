import { SegmentedControl } from '@mantine/core';
import { EyeIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { states } from '@sekisho/wire/states';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { incidentsQuery } from '../api/queries';
import { decisions, type Incident } from '../api/views';
import { StateMark } from '../floor/SeatState';
import { Answer } from '../parts/Answer';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { PageHead } from '../parts/PageHead';
import { useMay } from '../session/useMay';
import { newestFirst, undecided } from './list';
import { DecisionMark, EvidenceMark } from './Marks';
import { incidentTexts } from './texts';

type Show = 'open' | 'all';

/** IncidentsPage is 検知. Supervisors see the list; officers and auditors open each. */
export function IncidentsPage() {
  const say = useTexts(incidentTexts);
  const incidents = useQuery(incidentsQuery);
  const [show, setShow] = useState<Show>('open');
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')}>
        <SegmentedControl
          aria-label={say('filter.label')}
          value={show}
          onChange={(value) => setShow(value === 'all' ? 'all' : 'open')}
          data={[
            { value: 'open', label: say('filter.open') },
            { value: 'all', label: say('filter.all') },
          ]}
        />
      </PageHead>
      <Answer query={incidents}>
        {(answer) => {
          const shown = show === 'open' ? undecided(answer.incidents) : newestFirst(answer.incidents);
          if (shown.length === 0) {
            return <Empty icon={<EyeIcon size={36} />} title={say(show === 'open' ? 'empty.open' : 'empty')} text={say('empty.do')} />;
          }
          return <IncidentTable incidents={shown} />;
        }}
      </Answer>
    </>
  );
}

function IncidentTable({ incidents }: { incidents: Incident[] }) {
  const say = useTexts(incidentTexts);
  const { language } = useLanguage();
  const allowed = useMay();
  const mayOpen = allowed('officer') || allowed('auditor', 'incidents.read', 'evidence.hold', 'evidence.fetch');
  const columns = useMemo<Column<Incident>[]>(
    () => [
      {
        id: 'at',
        label: say('col.at'),
        numbers: true,
        show: (one) =>
          mayOpen ? (
            <Link to="/incidents/$id" params={{ id: one.id }} className="co-link" aria-label={say('open', { name: one.name, at: dateTime(one.at, language) })}>
              {dateTime(one.at, language)}
            </Link>
          ) : (
            dateTime(one.at, language)
          ),
        sort: (one) => Date.parse(one.at),
      },
      { id: 'state', label: say('col.state'), show: (one) => <StateMark state={one.state} />, sort: (one) => states.indexOf(one.state) },
      { id: 'person', label: say('col.person'), show: (one) => one.name, sort: (one) => one.name },
      { id: 'pc', label: say('col.pc'), show: (one) => one.asset_tag, sort: (one) => one.asset_tag },
      { id: 'evidence', label: say('col.evidence'), show: (one) => <EvidenceMark evidence={one.evidence} />, sort: (one) => one.evidence },
      { id: 'decision', label: say('col.decision'), show: (one) => <DecisionMark decision={one.decision} />, sort: (one) => decisions.indexOf(one.decision) },
    ],
    [say, language, mayOpen],
  );
  return <DataTable label={say('title')} rows={incidents} columns={columns} rowKey={(one) => one.id} />;
}
