import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import type { Fault } from '../api/flowQueries';
import { Mark } from '../parts/Mark';
import { exitsOf, walked, type Graph, type Node } from './model';
import { flowTexts } from './texts';
import { useExitName } from './useExitName';

type Props = { graph: Graph; faults: Fault[]; chosen: string; onChoose: (id: string) => void };

/** Outline is the same flow in words, in the order in which a call may go. */
export function Outline({ graph, faults, chosen, onChoose }: Props) {
  const say = useTexts(flowTexts);
  const nameOf = useExitName();
  const labelOf = (node: Node) => (node.title === '' ? `${say(`kind.${node.kind}`)} (${node.id})` : node.title);
  const target = (id: string) => graph.nodes.find((one) => one.id === id);
  return (
    <ol className="co-outline">
      {walked(graph).map(({ node }) => {
        const wrong = faults.filter((one) => one.node === node.id).length;
        return (
          <li key={node.id} data-chosen={chosen === node.id || undefined}>
            <div className="co-outline-head">
              <Button variant={chosen === node.id ? 'light' : 'subtle'} size="compact-md" aria-pressed={chosen === node.id} onClick={() => onChoose(node.id)}>
                {labelOf(node)}
              </Button>
              <span className="co-quiet">{say(`kind.${node.kind}`)}</span>
              {graph.start === node.id && <Mark tone="open">{say('start')}</Mark>}
              {wrong > 0 && <Mark tone="closed">{say('faults.of', { count: wrong })}</Mark>}
            </div>
            {exitsOf(node).length > 0 && (
              <ul>
                {exitsOf(node).map((exit) => {
                  const to = target(exit.to);
                  return <li key={exit.name}>{say('leads', { exit: nameOf(exit.name), to: to ? labelOf(to) : say('nowhere') })}</li>;
                })}
              </ul>
            )}
          </li>
        );
      })}
    </ol>
  );
}
