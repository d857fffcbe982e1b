import { Select } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { DeviceIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { loansQuery } from '../api/loanQueries';
import type { LoanRow } from '../api/loanViews';
import { longestWords, type Page } from '../api/paging';
import { today } from '../clients/draft';
import { DeviceState } from '../devices/DeviceState';
import { Answer } from '../parts/Answer';
import { DataTable, type Column, type DataTableProps } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { PageHead } from '../parts/PageHead';
import { Found, Rows } from '../parts/Rows';
import { partTexts } from '../parts/texts';
import { useListing, type Listing } from '../parts/useListing';
import { useMay } from '../session/useMay';
import { shows, type Show } from './filter';
import { PermitMark } from './PermitMark';
import { loanTexts } from './texts';
import './loans.css';

const outside: { show: Show } = { show: 'out' };

/** LoansPage is who has which PC, until when, and by what leave. */
export function LoansPage() {
  const say = useTexts(loanTexts);
  const list = useListing(outside);
  const loans = useQuery(loansQuery({ ...list.asked, show: list.filters.show === 'all' ? '' : list.filters.show }));
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
      {loans.data?.page.all !== 0 && <Filters list={list} page={loans.data?.page} />}
      <Answer query={loans}>
        {(answer) =>
          answer.page.all === 0 ? (
            <Empty icon={<DeviceIcon size={36} />} title={say('empty')} text={say('empty.do')} />
          ) : (
            <Rows label={say('title')} page={answer.page} query={loans} onMove={list.setOffset}>
              <LoanTable loans={answer.loans} server={{ order: list.order, onOrder: list.setOrder }} />
            </Rows>
          )
        }
      </Answer>
    </>
  );
}

function Filters({ list, page }: { list: Listing<typeof outside>; page: Page | undefined }) {
  const say = useTexts(loanTexts);
  const parts = useTexts(partTexts);
  const counted = (label: string, count: number | undefined) => (count === undefined ? label : parts('choice.count', { label, count }));
  return (
    <div className="co-filters">
      <ImeInput label={say('filter.text')} value={list.text} onChange={list.setText} maxLength={longestWords} />
      <Select
        label={say('filter.show')}
        value={list.filters.show}
        onChange={(value) => list.setFilters({ show: shows.find((one) => one === value) ?? 'out' })}
        data={shows.map((one) => ({ value: one, label: counted(say(`filter.${one}`), page?.counts[one]) }))}
        allowDeselect={false}
      />
      <Found page={page} />
    </div>
  );
}

function LoanTable({ loans, server }: { loans: LoanRow[]; server: DataTableProps<LoanRow>['server'] }) {
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
        sort: 'server',
      },
      { id: 'person', label: say('col.person'), show: (row) => row.person_name, sort: 'server' },
      { id: 'place', label: say('col.place'), show: (row) => ui(row.place === '' ? 'place.none' : `place.${row.place}`), sort: 'server' },
      { id: 'state', label: say('col.state'), show: (row) => <DeviceState state={row.state} />, sort: 'server' },
      {
        id: 'until',
        label: say('col.until'),
        show: (row) => (row.until === '' ? say('no.end') : row.until < day ? say('overdue', { day: row.until }) : row.until),
        sort: 'server',
        numbers: true,
      },
      { id: 'permit', label: say('col.permit'), show: (row) => <PermitMark permit={row.permit} />, sort: 'server' },
    ];
  }, [say, ui, detailed]);
  return <DataTable label={say('title')} rows={loans} columns={columns} rowKey={(row) => row.id} server={server} />;
}
