import { CheckIcon, WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { roomChecksQuery, type RoomCheckRow } from '../api/readinessQueries';
import { Answer } from '../parts/Answer';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { Mark } from '../parts/Mark';
import { CheckMark } from './look';
import { readinessTexts } from './texts';

/** ChecksTab is the self-checks that somebody should look at, and those decided lately. */
export function ChecksTab() {
  const say = useTexts(readinessTexts);
  const checks = useQuery(roomChecksQuery);
  return (
    <Answer query={checks}>
      {(answer) => (
        <div className="co-blocks">
          <div>
            <h2>{say('checks.waiting')}</h2>
            {answer.waiting.length === 0 ? (
              <Empty icon={<CheckIcon size={36} />} title={say('checks.none')} text={say('checks.none.do')} />
            ) : (
              <CheckTable label={say('checks.waiting')} rows={answer.waiting} />
            )}
          </div>
          {answer.decided.length > 0 && (
            <div>
              <h2>{say('checks.decided')}</h2>
              <CheckTable label={say('checks.decided')} rows={answer.decided} />
            </div>
          )}
        </div>
      )}
    </Answer>
  );
}

function CheckTable({ label, rows }: { label: string; rows: RoomCheckRow[] }) {
  const say = useTexts(readinessTexts);
  const { language } = useLanguage();
  const columns = useMemo<Column<RoomCheckRow>[]>(
    () => [
      {
        id: 'name',
        label: say('col.name'),
        show: (one) => (
          <Link to="/readiness/$id" params={{ id: one.person }} className="co-link">
            {one.name}
          </Link>
        ),
        sort: (one) => one.name,
      },
      { id: 'at', label: say('col.at'), show: (one) => dateTime(one.at, language), sort: (one) => one.at },
      {
        id: 'ready',
        label: say('col.ready'),
        show: (one) =>
          one.ready ? (
            <Mark tone="open" icon={<CheckIcon size={16} />}>
              {say('ready.yes')}
            </Mark>
          ) : (
            <Mark tone="attention" icon={<WarnIcon size={16} />}>
              {say('ready.no')}
            </Mark>
          ),
      },
      { id: 'state', label: say('col.state'), show: (one) => <CheckMark state={one.state} /> },
    ],
    [say, language],
  );
  return <DataTable label={label} rows={rows} columns={columns} rowKey={(one) => one.id} />;
}
