import { Button, Loader, SegmentedControl } from '@mantine/core';
import { BackIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { Record } from '@sekisho/wire/desk';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { z } from '@sekisho/wire/z';
import { useEffect, useState } from 'react';
import { Heading } from '../parts/Heading';
import { RecordRow } from '../parts/RecordRow';
import { useWorkplace } from '../place';
import { isDetection } from '../recordWords';
import { workTexts } from '../workTexts';

const Rows = z.array(Record);

/** Records is 自分の記録: every event, picture and viewer about the operator himself. */
export function Records({ onBack }: { onBack: () => void }) {
  const say = useTexts(workTexts);
  const workplace = useWorkplace();
  const [rows, setRows] = useState<Record[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  const [filter, setFilter] = useState('all');

  useEffect(() => {
    const stop = new AbortController();
    setProblem(null);
    workplace.desk.ask('GET', 'records', Rows, undefined, stop.signal).then(setRows, (thrown: unknown) => {
      if (!stop.signal.aborted) setProblem(problemOf(thrown));
    });
    return () => stop.abort();
  }, [workplace, tries]);

  const shown = rows?.filter((row) => filter === 'all' || isDetection(row)) ?? [];
  return (
    <div className="dk-records">
      <div className="dk-records-inner">
        <Button variant="subtle" size="compact-md" leftSection={<BackIcon size={18} />} onClick={onBack}>
          {say('records.back')}
        </Button>
        <Heading>{say('records.title')}</Heading>
        <p>{say('records.body')}</p>
        {problem && <ProblemNotice problem={problem} onRetry={() => setTries(tries + 1)} />}
        {!rows && !problem && <Loader size="sm" />}
        {rows && rows.length > 0 && (
          <SegmentedControl
            className="dk-records-filter"
            aria-label={say('records.filter')}
            value={filter}
            onChange={setFilter}
            data={[
              { value: 'all', label: say('records.filter.all') },
              { value: 'seen', label: say('records.filter.seen') },
            ]}
          />
        )}
        {rows && shown.length === 0 && (
          <div className="dk-empty">
            <h2>{say(rows.length === 0 ? 'records.none' : 'records.none.seen')}</h2>
            <p>{say('records.none.body')}</p>
          </div>
        )}
        {shown.length > 0 && (
          <ol className="dk-record-list">
            {shown.map((row, i) => (
              <RecordRow key={`${row.at} ${row.kind} ${i}`} row={row} />
            ))}
          </ol>
        )}
      </div>
    </div>
  );
}
