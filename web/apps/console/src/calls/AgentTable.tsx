import { Button, Group } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { elapsed } from '@sekisho/ui/time';
import { agentStates, type Agent, type Call } from '../api/callQueries';
import { DataTable, type Column } from '../parts/DataTable';
import { HandIcon } from '../parts/icons';
import { Mark } from '../parts/Mark';
import { shellTexts } from '../shell/texts';
import { toneOf } from './show';
import { callTexts } from './texts';

export type AgentTableProps = { agents: Agent[]; callOf: (agent: Agent) => Call | undefined; now: number; acts: boolean; onOpen: (what: 'call' | 'force', person: string) => void };

/** AgentTable lists the operators' telephones; raised hands come first. */
export function AgentTable({ agents, callOf, now, acts, onOpen }: AgentTableProps) {
  const say = useTexts(callTexts);
  const since = (at: string | null) => (at === null ? '—' : elapsed(now - Date.parse(at)));
  const columns: Column<Agent>[] = [
    {
      id: 'name',
      label: say('col.name'),
      show: (one) => (
        <>
          <b>{one.name}</b>
          {one.hand && ' '}
          {one.hand && (
            <Mark tone="attention" icon={<HandIcon size={16} />}>
              {say('hand', { for: since(one.hand) })}
            </Mark>
          )}
        </>
      ),
    },
    {
      id: 'state',
      label: say('col.state'),
      show: (one) => (
        <>
          <Mark tone={toneOf(one.state)}>{say(`state.${one.state}`)}</Mark>
          <Next next={one.next} />
        </>
      ),
    },
    { id: 'since', label: say('col.since'), show: (one) => since(one.since), numbers: true },
    { id: 'call', label: say('col.call'), show: (one) => <InCall call={callOf(one)} /> },
    { id: 'taken', label: say('col.taken'), show: (one) => one.taken, numbers: true },
  ];
  if (acts) {
    columns.push({
      id: 'act',
      label: say('col.act'),
      show: (one) => (
        <Group gap="xs" wrap="nowrap">
          {callOf(one) && (
            <Button size="compact-sm" onClick={() => onOpen('call', one.person)} aria-label={say('act.of', { name: one.name })}>
              {say('act')}
            </Button>
          )}
          <Button variant="default" size="compact-sm" onClick={() => onOpen('force', one.person)} aria-label={say('force.of', { name: one.name })}>
            {say('force')}
          </Button>
        </Group>
      ),
    });
  }
  return <DataTable label={say('agents')} rows={agents} columns={columns} rowKey={(one) => one.person} />;
}

function Next({ next }: { next: string }) {
  const say = useTexts(callTexts);
  const state = agentStates.find((one) => one === next);
  return state ? <span className="co-quiet"> {say('next', { state: say(`state.${state}`) })}</span> : null;
}

const levels = ['none', 'little', 'full'] as const;

/** InCall says in one cell with whom, for what, and what may be heard. */
function InCall({ call }: { call: Call | undefined }) {
  const say = useTexts(callTexts);
  const shell = useTexts(shellTexts);
  if (!call) return <>—</>;
  const level = levels.find((one) => one === call.level) ?? 'full';
  const words = [call.queue_name || call.work_name, say(`level.${level}`), say(`recording.${call.recording}`)];
  if (call.masked) words.push(say('masked'));
  if (call.watchers.length > 0) words.push(say('watchers', { names: call.watchers.join(shell('list.separator')) }));
  return (
    <>
      <span className="sk-numbers">{call.number === '' ? say('withheld') : call.number}</span>
      <br />
      <span className="co-quiet">{words.filter((word) => word !== '').join(' · ')}</span>
    </>
  );
}
