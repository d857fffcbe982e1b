import { Button, Loader, SegmentedControl } from '@mantine/core';
import { BackIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import type { Record } from '@sekisho/wire/desk';
import { useState } from 'react';
import { Heading } from '../parts/Heading';
import { RecordRow } from '../parts/RecordRow';
import { Withdraw } from '../parts/Withdraw';
import { useSeat } from '../place';
import { isDetection } from '../recordWords';
import { useRecords } from '../useRecords';
import { workTexts } from '../workTexts';

/** Records is 自分の記録: every event, picture and viewer about the operator himself. */
export function Records({ onBack }: { onBack: () => void }) {
  const say = useTexts(workTexts);
  const { me } = useSeat();
  const { rows, more, loading, problem, load } = useRecords();
  const [filter, setFilter] = useState('all');
  const shown = rows?.filter((row) => filter === 'all' || isDetection(row)) ?? [];
  return (
    <div className="dk-records">
      <div className="dk-records-inner">
        <Button variant="subtle" size="compact-md" leftSection={<BackIcon size={18} />} onClick={onBack}>
          {say('records.back')}
        </Button>
        <Heading>{say('records.title')}</Heading>
        <p>{say('records.body')}</p>
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
        {rows && shown.length === 0 && !more && <None any={rows.length > 0} />}
        {shown.length > 0 && <List rows={shown} all={rows ?? []} />}
        {problem && <ProblemNotice problem={problem} onRetry={load} />}
        {loading && !rows && <Loader size="sm" />}
        {more && !problem && (
          <Button variant="default" loading={loading} onClick={load}>
            {say('records.more')}
          </Button>
        )}
        {(me?.person.consented || me?.person.lapsed) && (
          <div onFocus={(event) => event.currentTarget.scrollIntoView({ block: 'nearest' })}>
            <Withdraw />
          </div>
        )}
      </div>
    </div>
  );
}

// A row's key is its place among all: choosing what is shown keeps what is being written.
function List({ rows, all }: { rows: Record[]; all: Record[] }) {
  return (
    <ol className="dk-record-list">
      {rows.map((row) => (
        <RecordRow key={all.indexOf(row)} row={row} />
      ))}
    </ol>
  );
}

function None({ any }: { any: boolean }) {
  const say = useTexts(workTexts);
  return (
    <div className="dk-empty">
      <h2>{say(any ? 'records.none.seen' : 'records.none')}</h2>
      <p>{say('records.none.body')}</p>
    </div>
  );
}
