import { Button, Stack } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useTexts } from '@sekisho/ui/language';
import type { Fault, FlowParts } from '../api/flowQueries';
import { FieldInput } from './FieldInput';
import { fields } from './fields';
import { fieldTexts } from './fieldTexts';
import type { Graph, Node, Settings } from './model';
import { flowTexts } from './texts';

type Props = { node: Node; graph: Graph; parts: FlowParts; faults: Fault[]; may: boolean; onTitle: (title: string) => void; onChange: (next: Settings) => void; onRemove: () => void };

/** NodeForm is the settings of one node, each with what is wrong with it. */
export function NodeForm({ node, graph, parts, faults, may, onTitle, onChange, onRemove }: Props) {
  const say = useTexts(flowTexts);
  const field = useTexts(fieldTexts);
  const own = fields[node.kind];
  const rest = faults.filter((one) => own[one.field] === undefined && !one.field.startsWith('choice '));
  return (
    <section aria-labelledby="node-form">
      <h2 id="node-form">{say(`kind.${node.kind}`)}</h2>
      <p className="co-quiet co-id">{node.id}</p>
      {rest.map((one, n) => (
        <p key={n} className="co-note" data-tone="closed">
          <span>
            <b>{one.title}</b> {one.action}
          </span>
        </p>
      ))}
      <Stack gap="sm">
        <ImeInput label={field('title')} value={node.title} onChange={onTitle} maxLength={100} disabled={!may} />
        {Object.entries(own).map(([name, how]) => (
          <FieldInput key={name} name={name} field={how} node={node} graph={graph} parts={parts} faults={faults} may={may} onChange={(value) => onChange({ [name]: value })} />
        ))}
        {may && (
          <Button variant="subtle" color="beni" onClick={onRemove}>
            {say('remove')}
          </Button>
        )}
      </Stack>
    </section>
  );
}
