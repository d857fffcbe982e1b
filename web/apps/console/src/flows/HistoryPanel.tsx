import { Button } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { FlowPublished, flowKeys, versionsQuery, type FlowFile, type FlowVersion } from '../api/flowQueries';
import { Answer } from '../parts/Answer';
import { Confirm } from '../parts/Confirm';
import { DataTable, type Column } from '../parts/DataTable';
import { Mark } from '../parts/Mark';
import { useAct } from '../parts/useAct';
import { historyTexts } from './historyTexts';

/** HistoryPanel lists what was published, and goes back to an older version. */
export function HistoryPanel({ file, may }: { file: FlowFile; may: boolean }) {
  const say = useTexts(historyTexts);
  const { language } = useLanguage();
  const versions = useQuery(versionsQuery(file.id));
  const [asking, setAsking] = useState(0);
  const back = useAct((number: number) => api.ask('POST', `/flows/${file.id}/versions/${number}`, FlowPublished), flowKeys.all);
  const columns: Column<FlowVersion>[] = [
    { id: 'number', label: say('version'), show: (one) => <>{one.number} {one.number === file.published && file.ended === null && <Mark tone="open">{say('now')}</Mark>}</>, sort: (one) => one.number, numbers: true },
    { id: 'at', label: say('at'), show: (one) => dateTime(one.at, language), sort: (one) => one.at, numbers: true },
    { id: 'author', label: say('author'), show: (one) => one.author, sort: (one) => one.author },
    { id: 'origin', label: say('origin'), show: (one) => (one.origin === 0 ? say('origin.draft') : say('origin.version', { number: one.origin })) },
    {
      id: 'back',
      label: say('back'),
      show: (one) =>
        may && one.number !== file.published ? (
          <Button variant="default" size="compact-sm" aria-label={say('back.of', { number: one.number })} onClick={() => setAsking(one.number)}>
            {say('back')}
          </Button>
        ) : null,
    },
  ];
  return (
    <>
      <div role="status">
        {back.data && back.data.version > 0 && <Mark tone="open">{say('done', { number: back.data.version })}</Mark>}
        {back.data?.version === 0 && (
          <div className="co-note" data-tone="closed">
            <div>
              <p>{say('refused')}</p>
              <ul>
                {back.data.faults.map((one, n) => (
                  <li key={n}>
                    {one.node} <b>{one.title}</b> {one.action}
                  </li>
                ))}
              </ul>
            </div>
          </div>
        )}
      </div>
      <Answer query={versions}>
        {(answer) => (answer.versions.length === 0 ? <p className="co-nothing">{say('none')}</p> : <DataTable label={say('version')} rows={answer.versions} columns={columns} rowKey={(one) => String(one.number)} />)}
      </Answer>
      {asking > 0 && (
        <Confirm title={say('back.of', { number: asking })} consequences={[say('back.now'), say('back.draft')]} action={say('back')} reason="none" onConfirm={() => back.mutateAsync(asking)} onClose={() => setAsking(0)} />
      )}
    </>
  );
}
