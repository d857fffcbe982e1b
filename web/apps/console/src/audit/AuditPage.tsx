import { Button, Group, Switch } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { InfoIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { auditPage, keys, noFilter, type AuditFilter } from '../api/queries';
import type { AuditRow } from '../api/views';
import { Loading } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { LogIcon } from '../parts/icons';
import { PageHead } from '../parts/PageHead';
import { partTexts } from '../parts/texts';
import { CheckpointPanel } from './CheckpointPanel';
import { short } from './group';
import { RowPanel } from './RowPanel';
import { RowTable } from './RowTable';
import { SearchForm } from './SearchForm';
import { auditTexts } from './texts';

/** AuditPage is 監査ログ: searched on the server, read as sessions, proved row by row. */
export function AuditPage({ filter }: { filter: AuditFilter }) {
  const say = useTexts(auditTexts);
  const navigate = useNavigate();
  const search = (next: AuditFilter) => void navigate({ to: '/audit', search: next });
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')} />
      <CheckpointPanel />
      <SearchForm key={JSON.stringify(filter)} filter={filter} onSearch={search} />
      <Found filter={filter} onSearch={search} />
    </>
  );
}

function Found({ filter, onSearch }: { filter: AuditFilter; onSearch: (filter: AuditFilter) => void }) {
  const say = useTexts(auditTexts);
  const parts = useTexts(partTexts);
  const [grouped, setGrouped] = useState(true);
  const [open, setOpen] = useState<AuditRow | null>(null);
  const pages = useInfiniteQuery({
    queryKey: [...keys.audit, 'rows', filter],
    queryFn: ({ pageParam, signal }) => auditPage(filter, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.before === 0 ? undefined : last.before),
    refetchOnWindowFocus: false,
  });
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.rows) ?? [], [pages.data]);
  const names = useMemo(() => Object.assign({}, ...(pages.data?.pages.map((page) => page.names) ?? [])), [pages.data]);

  if (pages.isPending) return <Loading />;
  if (pages.isError && rows.length === 0) return <ProblemNotice problem={problemOf(pages.error)} onRetry={() => void pages.refetch()} />;
  if (rows.length === 0) {
    const any = JSON.stringify(filter) !== JSON.stringify(noFilter);
    return any ? (
      <Empty icon={<InfoIcon size={36} />} title={say('nothing')} text={say('nothing.do')}>
        <Button variant="default" onClick={() => onSearch(noFilter)}>
          {parts('filter.clear')}
        </Button>
      </Empty>
    ) : (
      <Empty icon={<LogIcon size={36} />} title={say('empty')} />
    );
  }
  return (
    <>
      <Group justify="space-between" className="co-found-head">
        <p role="status" className="co-found">
          {parts('count', { count: rows.length })}
          {filter.session !== '' && ` ${say('only.session', { session: short(filter.session) })}`}
        </p>
        <Switch label={say('by.session')} checked={grouped} onChange={(event) => setGrouped(event.currentTarget.checked)} />
      </Group>
      <RowTable rows={rows} names={names} grouped={grouped} onOpen={setOpen} />
      {pages.isError && <ProblemNotice problem={problemOf(pages.error)} />}
      <div className="co-more">
        {pages.hasNextPage ? (
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {say('more')}
          </Button>
        ) : (
          <p className="co-quiet">{say('end')}</p>
        )}
      </div>
      {open && <RowPanel row={open} names={names} onSession={(session) => onSearch({ ...noFilter, session })} onClose={() => setOpen(null)} />}
    </>
  );
}
