import { useTexts } from '@sekisho/ui/language';
import { PeopleIcon } from '@sekisho/ui/icons';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { boardQuery, type Agent, type CallBoard } from '../api/callQueries';
import { Answer } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { PageHead } from '../parts/PageHead';
import { useNow } from '../parts/useNow';
import { AgentTable } from './AgentTable';
import { CallDialog } from './CallDialog';
import { ForceDialog } from './ForceDialog';
import { QueueCards } from './QueueCards';
import { callTexts } from './texts';
import { WaitingTable } from './WaitingTable';

type Open = { what: 'call' | 'force'; person: string };

/** BoardPage is 通話の現場: who waits, who talks, and a supervisor's way into a call. */
export function BoardPage() {
  const say = useTexts(callTexts);
  const board = useQuery(boardQuery);
  const now = useNow(board.data?.skew ?? 0);
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')} />
      <Answer query={board}>{(answer) => <Board board={answer} now={now} />}</Answer>
    </>
  );
}

function Board({ board, now }: { board: CallBoard; now: number }) {
  const say = useTexts(callTexts);
  const [open, setOpen] = useState<Open | null>(null);
  const agent = board.agents.find((one) => one.person === open?.person);
  const callOf = (one: Agent) => board.calls.find((call) => call.id === one.call);
  const call = agent && callOf(agent);
  const alone = board.calls.filter((one) => one.operator === '');
  return (
    <>
      {board.behind > 0 && <p role="status">{say('behind', { count: board.behind })}</p>}
      <section>
        <h2>{say('queues')}</h2>
        {board.queues.length === 0 ? <Empty icon={<PeopleIcon size={36} />} title={say('queues.empty')} text={say('queues.empty.do')} /> : <QueueCards queues={board.queues} />}
      </section>
      {alone.length > 0 && (
        <section>
          <h2>{say('calls')}</h2>
          <WaitingTable calls={alone} now={now} />
        </section>
      )}
      <section>
        <h2>{say('agents')}</h2>
        {board.agents.length === 0 ? (
          <p>{say('agents.empty')}</p>
        ) : (
          <AgentTable agents={board.agents} callOf={callOf} now={now} acts={board.acts} onOpen={(what, person) => setOpen({ what, person })} />
        )}
      </section>
      {open?.what === 'call' && agent && call && <CallDialog call={call} name={agent.name} line={board.line} onClose={() => setOpen(null)} />}
      {open?.what === 'force' && agent && <ForceDialog agent={agent} onClose={() => setOpen(null)} />}
    </>
  );
}
