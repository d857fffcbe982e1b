import { Button, TextInput } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { WaitIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { attendancePath, attendanceQuery, type Attendance } from '../api/callQueries';
import { download } from '../api/client';
import { Answer } from '../parts/Answer';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { SaveIcon } from '../parts/icons';
import { shellTexts } from '../shell/texts';
import { reportTexts } from './texts';
import { today } from './today';

/** Days shows when people's days began and ended, with breaks, as the telephone knows it. */
export function Days() {
  const say = useTexts(reportTexts);
  const [asked, setAsked] = useState({ from: today(-6), to: today() });
  const days = useQuery(attendanceQuery(asked));
  const file = useMutation({ mutationFn: () => download(attendancePath('/file', asked), `sekisho-attendance-${asked.from}-${asked.to}.csv`) });
  return (
    <>
      <div className="co-filters">
        <TextInput type="date" className="co-date" label={say('from')} value={asked.from} max={asked.to} onChange={({ currentTarget: { value } }) => value && setAsked((before) => ({ ...before, from: value }))} />
        <TextInput type="date" className="co-date" label={say('to')} value={asked.to} min={asked.from} onChange={({ currentTarget: { value } }) => value && setAsked((before) => ({ ...before, to: value }))} />
        <Button className="co-office" variant="default" leftSection={<SaveIcon size={18} />} loading={file.isPending} onClick={() => file.mutate()}>
          {say('csv')}
        </Button>
        <span className="co-quiet co-office">{say('csv.days')}</span>
      </div>
      {file.isError && <ProblemNotice problem={problemOf(file.error)} />}
      <Answer query={days}>
        {(answer) => (
          <>
            {answer.found > answer.rows.length && <p role="status">{say('cut', { found: answer.found, shown: answer.rows.length })}</p>}
            {answer.rows.length === 0 ? <Empty icon={<WaitIcon size={36} />} title={say('empty')} text={say('empty.do')} /> : <DayTable rows={answer.rows} />}
          </>
        )}
      </Answer>
    </>
  );
}

function DayTable({ rows }: { rows: Attendance[] }) {
  const say = useTexts(reportTexts);
  const shell = useTexts(shellTexts);
  const { language } = useLanguage();
  const clock = (at: string) => dateTime(at, language).slice(-8, -3);
  const columns: Column<Attendance>[] = [
    { id: 'day', label: say('col.day'), show: (one) => one.day, sort: (one) => one.day, numbers: true },
    { id: 'name', label: say('col.name'), show: (one) => <b>{one.name}</b>, sort: (one) => one.name },
    { id: 'start', label: say('col.start'), show: (one) => clock(one.start), numbers: true },
    { id: 'end', label: say('col.end'), show: (one) => (one.end === null ? say('here') : clock(one.end)), numbers: true },
    { id: 'breaks', label: say('col.breaks'), show: (one) => one.breaks.map((pause) => `${clock(pause.from)}–${pause.to === null ? '' : clock(pause.to)}`).join(shell('list.separator')) || '—', numbers: true },
  ];
  return <DataTable label={say('tab.days')} rows={rows} columns={columns} rowKey={(one) => `${one.day}/${one.person}`} />;
}
