import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime, elapsed } from '@sekisho/ui/time';
import { Link } from '@tanstack/react-router';
import type { Recording } from '../api/recordingQueries';
import { DataTable, type Column } from '../parts/DataTable';
import { Mark } from '../parts/Mark';
import { shellTexts } from '../shell/texts';
import { recordingTexts } from './texts';

/** RecordingTable lists recordings, the newest first. */
export function RecordingTable({ rows }: { rows: Recording[] }) {
  const say = useTexts(recordingTexts);
  const shell = useTexts(shellTexts);
  const { language } = useLanguage();
  const at = (one: Recording) => (one.started === null ? '' : dateTime(one.started, language));
  const columns: Column<Recording>[] = [
    {
      id: 'started',
      label: say('col.started'),
      show: (one) => (
        <Link to="/recordings/$id" params={{ id: one.id }} className="co-link" aria-label={say('open.of', { at: at(one) })}>
          {at(one)}
        </Link>
      ),
      numbers: true,
    },
    { id: 'length', label: say('col.length'), show: (one) => elapsed(one.seconds * 1000), numbers: true },
    {
      id: 'number',
      label: say('col.number'),
      show: (one) => (
        <>
          <span className="sk-numbers">{one.number === '' ? say('withheld') : one.number}</span> <span className="co-quiet">{say(`direction.${one.direction}`)}</span>
        </>
      ),
    },
    { id: 'work', label: say('col.work'), show: (one) => [one.work_name, one.queue_name].filter((word) => word !== '').join(' · ') || '—' },
    { id: 'operator', label: say('col.operator'), show: (one) => one.operators.map((spoke) => spoke.name).filter((name) => name !== '').join(shell('list.separator')) || '—' },
    { id: 'state', label: say('col.state'), show: (one) => <RecordingState recording={one} /> },
  ];
  return <DataTable label={say('title')} rows={rows} columns={columns} rowKey={(one) => one.id} />;
}

/** RecordingState is what became of a recording, in words. */
export function RecordingState({ recording }: { recording: Recording }) {
  const say = useTexts(recordingTexts);
  if (recording.erased !== null) return <Mark tone="quiet">{say('erased')}</Mark>;
  return (
    <>
      <Mark tone={recording.state === 'damaged' ? 'closed' : recording.state === 'cut' ? 'attention' : 'open'}>{say(`state.${recording.state}`)}</Mark>
      {recording.held !== '' && ' '}
      {recording.held !== '' && <Mark tone="attention">{say('held')}</Mark>}
    </>
  );
}
