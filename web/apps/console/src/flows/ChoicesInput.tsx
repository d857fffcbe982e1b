import { ActionIcon, Button, Group, Select, Stack } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import type { Fault } from '../api/flowQueries';
import { fieldTexts } from './fieldTexts';
import { choicesOf, type Graph, type Node, type Value } from './model';
import { flowTexts } from './texts';

type Props = { node: Node; graph: Graph; faults: Fault[]; may: boolean; onChange: (value: Value) => void };

const keys = [...'1234567890*#'];

/** ChoicesInput enters which key of a menu leads where. */
export function ChoicesInput({ node, graph, faults, may, onChange }: Props) {
  const say = useTexts(flowTexts);
  const words = useTexts(fieldTexts);
  const choices = choicesOf(node);
  const free = keys.find((one) => choices[one] === undefined);
  const others = graph.nodes.filter((one) => one.id !== node.id).map((one) => ({ value: one.id, label: one.title === '' ? `${say(`kind.${one.kind}`)} (${one.id})` : one.title }));
  const whole = faults.find((one) => one.field === 'choices');
  return (
    <fieldset className="co-choices">
      <legend>{words('choices')}</legend>
      {whole && <p className="co-fault">{whole.title}</p>}
      <Stack gap={8}>
        {keys
          .filter((key) => choices[key] !== undefined)
          .map((key) => (
            <Group key={key} gap={6} wrap="nowrap" align="flex-end">
              <Select
                className="co-grow"
                label={words('choice', { key })}
                data={others}
                value={choices[key] || null}
                onChange={(to) => onChange({ ...choices, [key]: to ?? '' })}
                error={faults.find((one) => one.field === `choice ${key}`)?.title}
                placeholder={say('none.chosen')}
                disabled={!may}
              />
              {may && (
                <ActionIcon variant="default" size={36} aria-label={words('choices.remove', { key })} onClick={() => onChange(Object.fromEntries(Object.entries(choices).filter(([one]) => one !== key)))}>
                  ×
                </ActionIcon>
              )}
            </Group>
          ))}
        {may && free !== undefined && (
          <Button variant="default" size="compact-sm" onClick={() => onChange({ ...choices, [free]: '' })}>
            {words('choices.add')}
          </Button>
        )}
      </Stack>
    </fieldset>
  );
}
