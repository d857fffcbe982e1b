import { Select } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { DeviceIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { loansQuery } from '../api/loanQueries';
import type { LoanRow } from '../api/loanViews';
import { today } from '../clients/draft';
import { DeviceState } from '../devices/DeviceState';
import { Answer } from '../parts/Answer';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { PageHead } from '../parts/PageHead';
import { partTexts } from '../parts/texts';
import { useMay } from '../session/useMay';
import { fits, isShow, shows, type Show } from './filter';
import { PermitMark } from './PermitMark';
import { loanTexts } from './texts';
import './loans.css';

/** LoansPage is who has which PC, until when, and by what leave. */
export function LoansPage() {
  const say = useTexts(loanTexts);
  const loans = useQuery(loansQuery);
  const administrator = useMay()('administrator', 'devices.manage');
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')}>
        {administrator && (
          <Link to="/loans/kitting" className="co-button-link co-office">
            {say('to.kitting')}
          </Link>
        )}
      </PageHead>
      <Answer query={loans}>
        {(answer) => (answer.loans.length === 0 ? <Empty icon={<DeviceIcon size={36} />} title={say('empty')} text={say('empty.do')} /> : <List loans={answer.loans} />)}
      </Answer>
    </>
  );
}

function List({ loans }: { loans: LoanRow[] }) {
  const say = useTexts(loanTexts);
  const parts = useTexts(partTexts);
  const [show, setShow] = useState<Show>('out');
  const [text, setText] = useState('');
  const shown = useMemo(() => loans.filter((loan) => fits(loan, show, text)), [loans, show, text]);
  return (
    <>
      <div className="co-filters">
        <ImeInput label={say('filter.text')} value={text} onChange={setText} />
        <Select
          label={say('filter.show')}
          value={show}
          onChange={(value) => setShow(value !== null && isShow(value) ? value : 'out')}
          data={shows.map((one) => ({ value: one, label: say(`filter.${one}`) }))}
          allowDeselect={false}
        />
        <p role="status" className="co-found">
          {parts('count.of', { count: shown.length, all: loans.length })}
        </p>
      </div>
      {shown.length === 0 ? <p className="co-nothing">{parts('nothing.matches')}</p> : <LoanTable loans={shown} />}
    </>
  );
}

function LoanTable({ loans }: { loans: LoanRow[] }) {
  const say = useTexts(loanTexts);
  const ui = useTexts(uiTexts);
  const may = useMay();
  const detailed = may('supervisor') || may('administrator', 'devices.read', 'devices.manage');
  const columns = useMemo<Column<LoanRow>[]>(() => {
    const day = today(new Date());
    return [
      {
        id: 'tag',
        label: say('col.tag'),
        show: (row) =>
          detailed ? (
            <Link to="/loans/$id" params={{ id: row.id }} className="co-link">
              {row.asset_tag}
            </Link>
          ) : (
            row.asset_tag
          ),
        sort: (row) => row.asset_tag,
      },
      { id: 'person', label: say('col.person'), show: (row) => row.person_name, sort: (row) => row.person_name },
      { id: 'place', label: say('col.place'), show: (row) => ui(row.place === '' ? 'place.none' : `place.${row.place}`), sort: (row) => row.place },
      { id: 'state', label: say('col.state'), show: (row) => <DeviceState state={row.state} />, sort: (row) => row.state },
      {
        id: 'until',
        label: say('col.until'),
        show: (row) => (row.until === '' ? say('no.end') : row.until < day ? say('overdue', { day: row.until }) : row.until),
        sort: (row) => row.until || '9999',
        numbers: true,
      },
      { id: 'permit', label: say('col.permit'), show: (row) => <PermitMark permit={row.permit} />, sort: (row) => row.permit?.until ?? '' },
    ];
  }, [say, ui, detailed]);
  return <DataTable label={say('title')} rows={loans} columns={columns} rowKey={(row) => row.id} order={{ id: 'tag', desc: false }} />;
}
