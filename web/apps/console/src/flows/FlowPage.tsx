import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { Button, Tabs } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import { flowKeys, flowQuery, type FlowFile } from '../api/flowQueries';
import { Answer } from '../parts/Answer';
import { Confirm } from '../parts/Confirm';
import { Mark } from '../parts/Mark';
import { PageHead } from '../parts/PageHead';
import { useAct } from '../parts/useAct';
import { Board } from './Board';
import { FaultList } from './FaultList';
import { HistoryPanel } from './HistoryPanel';
import './flows.css';
import { flowTexts } from './texts';
import { TryPanel } from './TryPanel';
import { useDrawing } from './useDrawing';
import { useMayDraw } from './useMayDraw';

/** FlowPage draws one call flow, tries it, publishes it and goes back to older versions. */
export function FlowPage({ id }: { id: string }) {
  const flow = useQuery(flowQuery(id));
  const [loaded, setLoaded] = useState(0);
  const reload = () => void flow.refetch().then(() => setLoaded(loaded + 1));
  return <Answer query={flow}>{(file) => <Opened key={`${id} ${loaded}`} file={file} onReload={reload} />}</Answer>;
}

type Asking = 'publish' | 'end' | null;

function Opened({ file, onReload }: { file: FlowFile; onReload: () => void }) {
  const say = useTexts(flowTexts);
  const drawing = useDrawing(file);
  const may = useMayDraw() && file.ended === null && drawing.readable;
  const [tab, setTab] = useState<string>('canvas');
  const [chosen, setChosen] = useState('');
  const [asking, setAsking] = useState<Asking>(null);
  const end = useAct(() => api.tell('POST', `/flows/${file.id}/end`), flowKeys.all);
  const problem = drawing.failure === null ? null : problemOf(drawing.failure);
  const choose = (id: string) => {
    setChosen(id);
    if (tab !== 'outline') setTab('canvas');
  };
  return (
    <>
      <PageHead title={file.name} lead={file.client_name}>
        {drawing.changed && <Mark tone="attention">{say('unsaved')}</Mark>}
        {may && (
          <>
            <Button variant="subtle" color="beni" onClick={() => setAsking('end')}>
              {say('end')}
            </Button>
            <Button variant="default" disabled={!drawing.changed} loading={drawing.busy} onClick={() => void drawing.save()}>
              {say('save')}
            </Button>
            <Button disabled={drawing.changed} title={drawing.changed ? say('publish.first') : undefined} onClick={() => setAsking('publish')}>
              {say('publish')}
            </Button>
          </>
        )}
      </PageHead>
      <p className="co-flow-state">
        <Link className="co-link" to="/flows">{say('title')}</Link>
        {file.ended !== null ? <Mark tone="quiet">{say('ended')}</Mark> : file.published === 0 ? <Mark tone="attention">{say('unpublished')}</Mark> : <Mark tone="open">{say('version', { number: file.published })}</Mark>}
        <Link className="co-link" to="/flows/parts/$client" params={{ client: file.client }}>
          {say('parts')}
        </Link>
      </p>
      {file.ended !== null && <p className="co-quiet">{say('ended.note')}</p>}
      {!drawing.readable && <p className="co-note" data-tone="closed">{say('unreadable')}</p>}
      {problem && (
        <div className="co-flow-problem">
          <ProblemNotice problem={problem} />
          {problem.code === 'flow.changed_meanwhile' && (
            <p>
              <Button variant="default" onClick={onReload}>
                {say('reload')}
              </Button>{' '}
              {say('reload.lost')}
            </p>
          )}
        </div>
      )}
      <p role="status" className="co-flow-outcome">
        {drawing.outcome?.is === 'saved' && <Mark tone="open">{say('saved')}</Mark>}
        {drawing.outcome?.is === 'published' && <Mark tone="open">{say('published', { number: drawing.outcome.version })}</Mark>}
        {drawing.outcome?.is === 'refused' && <Mark tone="closed">{say('refused')}</Mark>}
      </p>
      <Tabs value={tab} onChange={(next) => setTab(next ?? 'canvas')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="canvas">{say('tab.canvas')}</Tabs.Tab>
          <Tabs.Tab value="outline">{say('tab.outline')}</Tabs.Tab>
          <Tabs.Tab value="try">{say('tab.try')}</Tabs.Tab>
          <Tabs.Tab value="history">{say('tab.history')}</Tabs.Tab>
        </Tabs.List>
        {(tab === 'canvas' || tab === 'outline') && (
          <Tabs.Panel value={tab}>
            <Board as={tab} drawing={drawing} parts={file.parts} may={may} chosen={chosen} onChoose={setChosen} />
            <FaultList faults={drawing.faults} graph={drawing.graph} changed={drawing.changed} onChoose={choose} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="try">
          <TryPanel id={file.id} graph={drawing.graph} parts={file.parts} changed={drawing.changed} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryPanel file={file} may={may} />
        </Tabs.Panel>
      </Tabs>
      {asking === 'publish' && (
        <Confirm title={say('publish')} consequences={[say('publish.now'), say('publish.talks')]} action={say('publish')} reason="none" onConfirm={drawing.publish} onClose={() => setAsking(null)} />
      )}
      {asking === 'end' && (
        <Confirm title={say('end')} consequences={[say('end.stop'), say('end.calls')]} action={say('end')} danger reason="none" onConfirm={() => end.mutateAsync()} onDone={onReload} onClose={() => setAsking(null)} />
      )}
    </>
  );
}
