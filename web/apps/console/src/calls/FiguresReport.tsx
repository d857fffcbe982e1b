import { Button, Select, TextInput } from '@mantine/core';
import { ReportIcon, SaveIcon } from '../parts/icons';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { reportPath, reportQuery, type ReportAsked, type Span } from '../api/callQueries';
import { download } from '../api/client';
import { Answer } from '../parts/Answer';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { length, percent } from './show';
import { callTexts, reportTexts } from './texts';
import { today } from './today';

const spans = ['15', '30', '60', '1440'] as const;
const ways = ['queue', 'work', 'client'] as const;

/** FiguresReport asks for figures and shows them with their formulas. */
export function FiguresReport() {
  const say = useTexts(reportTexts);
  const [asked, setAsked] = useState<ReportAsked>({ from: today(), to: today(), span: 60, by: 'queue', client: '', work: '' });
  const report = useQuery(reportQuery(asked));
  const file = useMutation({ mutationFn: () => download(reportPath('/file', asked), `sekisho-calls-${asked.from}-${asked.to}.csv`) });
  const set = (change: Partial<ReportAsked>) => setAsked((before) => ({ ...before, ...change }));
  const choices = report.data?.choices ?? [];
  const works = choices.find((one) => one.id === asked.client)?.works ?? [];
  const named = (list: { id: string; name: string }[]) => [{ value: '', label: say('all') }, ...list.map((one) => ({ value: one.id, label: one.name }))];
  return (
    <>
      <div className="co-filters">
        <TextInput type="date" className="co-date" label={say('from')} value={asked.from} max={asked.to} onChange={(event) => event.currentTarget.value && set({ from: event.currentTarget.value })} />
        <TextInput type="date" className="co-date" label={say('to')} value={asked.to} min={asked.from} onChange={(event) => event.currentTarget.value && set({ to: event.currentTarget.value })} />
        <Select label={say('span')} data={spans.map((one) => ({ value: one, label: say(`span.${one}`) }))} value={String(asked.span)} onChange={(value) => set({ span: Number(value) })} allowDeselect={false} />
        <Select label={say('by')} data={ways.map((one) => ({ value: one, label: say(`by.${one}`) }))} value={asked.by} onChange={(value) => set({ by: ways.find((one) => one === value) ?? 'queue' })} allowDeselect={false} />
        <Select label={say('client')} data={named(choices)} value={asked.client} onChange={(value) => set({ client: value ?? '', work: '' })} allowDeselect={false} />
        {asked.client !== '' && <Select label={say('work')} data={named(works)} value={asked.work} onChange={(value) => set({ work: value ?? '' })} allowDeselect={false} />}
        <Button className="co-office" variant="default" leftSection={<SaveIcon size={18} />} loading={file.isPending} onClick={() => file.mutate()}>
          {say('csv')}
        </Button>
      </div>
      {file.isError && <ProblemNotice problem={problemOf(file.error)} />}
      <Answer query={report}>
        {(answer) => (
          <>
            {answer.found > answer.rows.length && <p role="status">{say('cut', { found: answer.found, shown: answer.rows.length })}</p>}
            {answer.rows.length === 0 ? <Empty icon={<ReportIcon size={36} />} title={say('empty')} text={say('empty.do')} /> : <SpanTable rows={answer.rows} />}
            <Formulas />
          </>
        )}
      </Answer>
    </>
  );
}

function SpanTable({ rows }: { rows: Span[] }) {
  const say = useTexts(reportTexts);
  const call = useTexts(callTexts);
  const { language } = useLanguage();
  const figure = (id: string, label: string, show: (one: Span) => string | number): Column<Span> => ({ id, label, show, numbers: true });
  const columns: Column<Span>[] = [
    figure('from', say('col.from'), (one) => dateTime(one.from, language).replace(/:00$/, '')),
    { id: 'what', label: say('col.what'), show: (one) => [one.queue, one.work, one.client].filter((word) => word !== '').slice(0, 2).join(' · '), width: '210px' },
    figure('queued', call('queued'), (one) => one.figures.queued),
    figure('answered', call('answered'), (one) => one.figures.answered),
    figure('abandoned', call('abandoned'), (one) => one.figures.abandoned),
    figure('sl', call('sl'), (one) => percent(one.figures.service_level)),
    figure('rate', call('abandon'), (one) => percent(one.figures.abandon_rate)),
    figure('aht', call('aht'), (one) => length(one.figures.aht)),
    figure('asa', call('asa'), (one) => length(one.figures.asa)),
    figure('longest', call('longest'), (one) => length(one.figures.longest)),
  ];
  return <DataTable label={say('title')} rows={rows} columns={columns} rowKey={(one) => [one.from, one.client, one.work, one.queue].join('/')} />;
}

function Formulas() {
  const call = useTexts(callTexts);
  return (
    <dl className="co-formulas">
      {(['sl', 'abandon', 'aht', 'asa'] as const).map((one) => (
        <div key={one}>
          <dt>{call(one)}</dt>
          <dd>{call(`${one}.how`)}</dd>
        </div>
      ))}
    </dl>
  );
}
