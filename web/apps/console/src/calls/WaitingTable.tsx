import { useTexts } from '@sekisho/ui/language';
import { elapsed } from '@sekisho/ui/time';
import type { Call } from '../api/callQueries';
import { DataTable, type Column } from '../parts/DataTable';
import { callTexts } from './texts';

const stages = ['flow', 'queued', 'waiting', 'dialling'] as const;

/** WaitingTable lists calls that no operator has: in a flow, in a queue, on their way. */
export function WaitingTable({ calls, now }: { calls: Call[]; now: number }) {
  const say = useTexts(callTexts);
  const columns: Column<Call>[] = [
    { id: 'number', label: say('col.number'), show: (one) => (one.number === '' ? say('withheld') : one.number), numbers: true },
    { id: 'queue', label: say('col.queue'), show: (one) => [one.queue_name, one.work_name].filter((word) => word !== '').join(' · ') || '—' },
    { id: 'stage', label: say('col.stage'), show: (one) => say(`stage.${stages.find((stage) => stage === one.stage) ?? 'other'}`) },
    { id: 'since', label: say('col.since'), show: (one) => (one.begun === null ? '—' : elapsed(now - Date.parse(one.begun))), numbers: true },
  ];
  return <DataTable label={say('calls')} rows={calls} columns={columns} rowKey={(one) => one.id} />;
}
