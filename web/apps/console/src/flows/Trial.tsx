import { useTexts } from '@sekisho/ui/language';
import type { FlowParts, FlowTrial } from '../api/flowQueries';
import type { Graph } from './model';
import { flowTexts } from './texts';
import { tryTexts } from './tryTexts';

type CauseName = 'caller' | 'operator' | 'flow' | 'abandoned' | 'callback' | 'voicemail' | 'transferred';
const causes: readonly string[] = ['caller', 'operator', 'flow', 'abandoned', 'callback', 'voicemail', 'transferred'];
const isCause = (cause: string): cause is CauseName => causes.includes(cause);

/** Trial is what a dry run gave: each step at its node, and how the call ended. */
export function Trial({ trial, graph, parts }: { trial: FlowTrial; graph: Graph; parts: FlowParts }) {
  const say = useTexts(tryTexts);
  const flow = useTexts(flowTexts);
  const titleOf = (id: string) => {
    const node = graph.nodes.find((one) => one.id === id);
    return node === undefined ? say('fallback') : node.title === '' ? `${flow(`kind.${node.kind}`)} (${node.id})` : node.title;
  };
  const whatOf = (one: FlowTrial['did'][number]) => [...parts.prompts, ...parts.queues].find((part) => part.id === one.prompt || part.id === one.queue)?.name ?? say('no.sound');
  return (
    <section aria-labelledby="flow-trial">
      <h2 id="flow-trial">{say('result')}</h2>
      <p>{trial.path.map(titleOf).join(' → ')}</p>
      <ol className="co-trial">
        {trial.did.map((one, n) => (
          <li key={n}>
            <b>{titleOf(one.node)}</b>
            <span>
              {say(`did.${one.step}`, { what: whatOf(one) })} {one.why}
            </span>
          </li>
        ))}
      </ol>
      <p>
        {say('cause')}: <b>{isCause(trial.cause) ? say(`cause.${trial.cause}`) : say('cause.other', { cause: trial.cause })}</b>
      </p>
    </section>
  );
}
