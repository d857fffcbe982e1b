import { Button, Group, Switch } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { InfoIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useInfiniteQuery, useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { auditPage, keys, noFilter, sessionQuery, type AuditFilter } from '../api/queries';
import type { AuditPage as Page, AuditRow } from '../api/views';
import { Loading } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { LogIcon } from '../parts/icons';
import { PageHead } from '../parts/PageHead';
import { partTexts } from '../parts/texts';
import { CheckpointPanel } from './CheckpointPanel';
import { short } from './group';
import { RowPanel } from './RowPanel';
import { RowTable } from './RowTable';
import { SavedSearches } from './SavedSearches';
import { SearchForm } from './SearchForm';
import { SiemPanel } from './SiemPanel';
import { TakeRows } from './TakeRows';
import { auditTexts } from './texts';
import { useNewer } from './useNewer';

/** AuditPage is 監査ログ: searched on the server, read as sessions, proved row by row. */
export function AuditPage({ filter }: { filter: AuditFilter }) {
  const say = useTexts(auditTexts);
  const navigate = useNavigate();
  const session = useQuery(sessionQuery);
  const [typing, setTyping] = useState(false);
  const search = (next: AuditFilter) => void navigate({ to: '/audit', search: next });
  const whole = session.data?.person?.client === ''; // a client's auditor keeps no searches and takes no rows away
  return (
    <>
      <PageHead title={say('title')} lead={say(session.data?.person?.client ? 'lead.own' : 'lead')} />
      <CheckpointPanel />
      {whole && <SiemPanel />}
      {whole && <SavedSearches filter={filter} onSearch={search} />}
      <SearchForm key={JSON.stringify(filter)} filter={filter} onSearch={search} onTyping={setTyping} />
      <Found filter={filter} typing={typing} whole={whole} onSearch={search} />
    </>
  );
}

type FoundProps = { filter: AuditFilter; typing: boolean; whole: boolean; onSearch: (filter: AuditFilter) => void };

function Found({ filter, typing, whole, onSearch }: FoundProps) {
  const say = useTexts(auditTexts);
  const parts = useTexts(partTexts);
  const { language } = useLanguage();
  const [grouped, setGrouped] = useState(true);
  const [open, setOpen] = useState<AuditRow | null>(null);
  const client = useQueryClient();
  const head = useRef<HTMLDivElement>(null);
  const queryKey = [...keys.audit, 'rows', filter];
  const pages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => auditPage(filter, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.before === 0 ? undefined : last.before),
    refetchOnWindowFocus: false,
  });
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.rows) ?? [], [pages.data]);
  const names = useMemo(() => Object.assign({}, ...(pages.data?.pages.map((page) => page.names) ?? [])), [pages.data]);

  const shown = pages.data?.pages.length ?? 0;
  const newer = useNewer({
    filter,
    newest: pages.isPending ? Infinity : (rows[0]?.seq ?? -1),
    still: shown === 1 && open === null && !typing,
    busy: pages.isFetching,
    head,
    load: () => void pages.refetch(),
  });

  /** loadNewest goes back to the newest page: the older ones would not join it. */
  function loadNewest() {
    client.setQueryData<InfiniteData<Page, number>>(queryKey, (data) => data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) });
    void pages.refetch();
    head.current?.focus(); // the button goes; reading goes on above the rows
  }

  if (pages.isPending) return <Loading />;
  if (pages.isError && rows.length === 0) return <ProblemNotice problem={problemOf(pages.error)} onRetry={() => void pages.refetch()} />;
  const looked = pages.data?.pages.at(-1)?.looked ?? null;
  if (rows.length === 0 && !pages.hasNextPage) {
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
      <Group ref={head} tabIndex={-1} justify="space-between" className="co-found-head">
        <p role="status" className="co-found">
          {parts('count', { count: rows.length })}
          {filter.session !== '' && ` ${say('only.session', { session: short(filter.session) })}`}
          {filter.customer !== '' && ` ${say('only.customer', { id: short(filter.customer) })}`}
          {filter.call !== '' && ` ${say('only.call', { id: short(filter.call) })}`}
          {filter.object !== '' && ` ${say('only.object', { object: names[filter.object] ?? short(filter.object) })}`}
        </p>
        <Group gap="md">
          <Switch label={say('by.session')} checked={grouped} onChange={(event) => setGrouped(event.currentTarget.checked)} />
          {whole && <TakeRows filter={filter} />}
        </Group>
      </Group>
      <div role="status" className="co-newer">
        {newer && (
          <Button variant="default" size="compact-md" onClick={loadNewest}>
            {say('newer')}
          </Button>
        )}
      </div>
      {rows.length > 0 && <RowTable rows={rows} names={names} grouped={grouped} onOpen={setOpen} />}
      {pages.isError && <ProblemNotice problem={problemOf(pages.error)} />}
      <div className="co-more">
        {looked !== null && <p className="co-quiet">{say('looked', { at: dateTime(looked, language) })}</p>}
        {pages.hasNextPage ? (
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {say(looked === null ? 'more' : 'look.on')}
          </Button>
        ) : (
          <p className="co-quiet">{say('end')}</p>
        )}
      </div>
      {open && <RowPanel row={open} names={names} onOnly={(only) => onSearch({ ...noFilter, ...only })} onClose={() => setOpen(null)} />}
    </>
  );
}
