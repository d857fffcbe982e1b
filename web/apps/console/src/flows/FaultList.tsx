import { Button } from '@mantine/core';
import { CheckIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import type { Fault } from '../api/flowQueries';
import type { Graph } from './model';
import { flowTexts } from './texts';
import { useExitName } from './useExitName';

type Props = { faults: Fault[]; graph: Graph; changed: boolean; onChoose: (id: string) => void };

/** FaultList says which node is wrong and why, and leads there. */
export function FaultList({ faults, graph, changed, onChoose }: Props) {
  const say = useTexts(flowTexts);
  const nameOf = useExitName();
  const titleOf = (id: string) => {
    const node = graph.nodes.find((one) => one.id === id);
    return node === undefined ? say('faults.flow') : node.title === '' ? node.id : node.title;
  };
  if (faults.length === 0)
    return (
      <p className="co-note co-flow-sound" data-tone="open">
        <CheckIcon size={18} /> {say('faults.none')} {changed && say('faults.old')}
      </p>
    );
  return (
    <section className="co-block" aria-labelledby="flow-faults">
      <h2 id="flow-faults">{say('faults', { count: faults.length })}</h2>
      {changed && <p className="co-quiet">{say('faults.old')}</p>}
      <ul className="co-faults">
        {faults.map((one, n) => (
          <li key={n}>
            <Button variant="subtle" size="compact-sm" onClick={() => onChoose(one.node)}>
              {titleOf(one.node)}
              {one.field !== '' && ` · ${nameOf(one.field)}`}
            </Button>
            <span>
              <b>{one.title}</b> {one.action}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
