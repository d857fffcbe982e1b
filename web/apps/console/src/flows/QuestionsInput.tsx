import { Button, Group, NumberInput, Select, Stack } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useTexts } from '@sekisho/ui/language';
import type { FlowParts } from '../api/flowQueries';
import { fieldTexts } from './fieldTexts';
import type { Node, Question, Value } from './model';

type Props = { node: Node; parts: FlowParts; fault: string | undefined; may: boolean; onChange: (value: Value) => void };

const most = 10;

/** QuestionsInput enters the questions of a survey; each is answered by one key. */
export function QuestionsInput({ node, parts, fault, may, onChange }: Props) {
  const words = useTexts(fieldTexts);
  const held = node.settings['questions'];
  const list = Array.isArray(held) ? held.filter((one): one is Question => typeof one !== 'string') : [];
  const set = (n: number, next: Partial<Question>) => onChange(list.map((one, at) => (at === n ? { ...one, ...next } : one)));
  return (
    <fieldset className="co-choices">
      <legend>{words('questions')}</legend>
      {fault !== undefined && <p className="co-fault">{fault}</p>}
      <Stack gap="md">
        {list.map((one, n) => (
          <fieldset key={n} className="co-choices">
            <legend>{words('question', { n: n + 1 })}</legend>
            <Stack gap={8}>
              <Select label={words('prompt')} data={parts.prompts.map((p) => ({ value: p.id, label: p.name }))} value={one.prompt || null} onChange={(to) => set(n, { prompt: to ?? '' })} disabled={!may} />
              <ImeInput label={words('name')} value={one.name} onChange={(name) => set(n, { name })} maxLength={40} disabled={!may} />
              <Group gap={8} grow>
                <NumberInput label={words('from.key')} value={one.from} onChange={(to) => set(n, { from: Math.round(Number(to)) })} min={0} max={9} disabled={!may} />
                <NumberInput label={words('to.key')} value={one.to} onChange={(to) => set(n, { to: Math.round(Number(to)) })} min={0} max={9} disabled={!may} />
              </Group>
              {may && list.length > 1 && (
                <Button variant="subtle" size="compact-sm" onClick={() => onChange(list.filter((_, at) => at !== n))}>
                  {words('question.remove', { n: n + 1 })}
                </Button>
              )}
            </Stack>
          </fieldset>
        ))}
        {may && list.length < most && (
          <Button variant="default" size="compact-sm" onClick={() => onChange([...list, { name: `score_${list.length + 1}`, prompt: '', from: 1, to: 5 }])}>
            {words('question.add')}
          </Button>
        )}
      </Stack>
    </fieldset>
  );
}
