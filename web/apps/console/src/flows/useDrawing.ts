import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '../api/client';
import { flowKeys, FlowPublished, FlowSaved, type Fault, type FlowFile } from '../api/flowQueries';
import { parseGraph, rawGraph, type Graph, type Node, type Settings } from './model';

export type Outcome = { is: 'saved' } | { is: 'published'; version: number } | { is: 'refused' };

const empty: Graph = { start: '', survey: '', fallback: { queue: '', prompt: '' }, nodes: [] };

/** useDrawing holds a flow while it is drawn, and what the door said of it. */
export function useDrawing(file: FlowFile) {
  const client = useQueryClient();
  const [read] = useState(() => parseGraph(file.draft));
  const [graph, setGraph] = useState<Graph>(read ?? empty);
  const [stored, setStored] = useState(graph);
  const [seen, setSeen] = useState(file.edit);
  const [faults, setFaults] = useState<Fault[]>(file.faults);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const change = useMemo(
    () => ({
      graph: (next: Graph) => {
        setOutcome(null);
        setGraph(next);
      },
      node: (id: string, next: Partial<Omit<Node, 'id'>>) => {
        setOutcome(null);
        setGraph((now) => ({ ...now, nodes: now.nodes.map((one) => (one.id === id ? { ...one, ...next } : one)) }));
      },
      settings: (id: string, next: Settings) => {
        setOutcome(null);
        setGraph((now) => ({ ...now, nodes: now.nodes.map((one) => (one.id === id ? { ...one, settings: { ...one.settings, ...next } } : one)) }));
      },
    }),
    [],
  );

  async function act(what: () => Promise<void>) {
    setBusy(true);
    setFailure(null);
    setOutcome(null);
    try {
      await what();
    } catch (thrown) {
      setFailure(thrown);
    }
    setBusy(false);
    void client.invalidateQueries({ queryKey: flowKeys.all });
  }
  const save = () =>
    act(async () => {
      const told = await api.ask('PUT', '/flows/draft', FlowSaved, { id: file.id, seen, flow: rawGraph(graph) });
      setSeen(told.edit);
      setFaults(told.faults);
      setStored(graph);
      setOutcome({ is: 'saved' });
    });
  const publish = () =>
    act(async () => {
      const told = await api.ask('POST', `/flows/${file.id}/publish`, FlowPublished, { seen });
      setFaults(told.faults);
      setOutcome(told.version === 0 ? { is: 'refused' } : { is: 'published', version: told.version });
    });
  return { graph, readable: read !== undefined, changed: graph !== stored, faults, outcome, failure, busy, change, save, publish };
}

export type Drawing = ReturnType<typeof useDrawing>;
