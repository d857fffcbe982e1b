import { Checkbox, NumberInput, Select, Textarea } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useTexts } from '@sekisho/ui/language';
import type { Fault, FlowParts } from '../api/flowQueries';
import { ChoicesInput } from './ChoicesInput';
import type { Field } from './fields';
import { fieldTexts } from './fieldTexts';
import type { Graph, Node, Value } from './model';
import { QuestionsInput } from './QuestionsInput';
import { flowTexts } from './texts';
import { useExitName } from './useExitName';

export type FieldProps = { name: string; field: Field; node: Node; graph: Graph; parts: FlowParts; faults: Fault[]; may: boolean; onChange: (value: Value) => void };

const helps = ['name.help', 'number.help', 'holiday.help'] as const;

/** FieldInput enters one setting of a node. */
export function FieldInput({ name, field, node, graph, parts, faults, may, onChange }: FieldProps) {
  const say = useTexts(flowTexts);
  const words = useTexts(fieldTexts);
  const nameOf = useExitName();
  const value = node.settings[name];
  const fault = faults.find((one) => one.field === name);
  const help = helps.find((one) => one === `${name}.help`);
  const common = { label: nameOf(name), error: fault?.title, disabled: !may };
  const choose = (list: { id: string; name: string }[]) => (
    <Select
      {...common}
      description={help && words(help)}
      data={list.map((one) => ({ value: one.id, label: one.name }))}
      value={value === '' || value === undefined ? null : String(value)}
      onChange={(to) => onChange(to ?? '')}
      placeholder={say('none.chosen')}
      clearable
      searchable={list.length > 12}
    />
  );
  switch (field.is) {
    case 'prompt':
    case 'maybe-prompt':
      return choose(parts.prompts);
    case 'queue':
      return choose(parts.queues);
    case 'calendar':
      return choose(parts.calendars);
    case 'hook':
      return choose(parts.lookups);
    case 'target':
      return choose(graph.nodes.filter((one) => one.id !== node.id).map((one) => ({ id: one.id, name: one.title === '' ? `${say(`kind.${one.kind}`)} (${one.id})` : one.title })));
    case 'flag':
      return <Checkbox label={nameOf(name)} checked={value === true} disabled={!may} error={fault?.title} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case 'number':
      return <NumberInput {...common} description={words('range', { from: field.from, to: field.to })} value={Number(value ?? 0)} onChange={(to) => onChange(Math.round(Number(to)))} min={field.from} max={field.to} clampBehavior="blur" />;
    case 'lines':
      return (
        <Textarea
          {...common}
          value={Array.isArray(value) ? value.filter((one) => typeof one === 'string').join('\n') : ''}
          onChange={(event) => onChange(event.currentTarget.value === '' ? [] : event.currentTarget.value.split('\n'))}
          onBlur={(event) => onChange(event.currentTarget.value.normalize('NFKC').split('\n').map((one) => one.trim()).filter((one) => one !== ''))}
          autosize
          minRows={2}
          maxLength={4000}
        />
      );
    case 'one-of':
      return (
        <Select
          {...common}
          data={field.among.map((one) => ({ value: one, label: nameOf(`${name}.${one}`) === `${name}.${one}` ? one : nameOf(`${name}.${one}`) }))}
          value={value === '' ? (field.among[0] ?? null) : String(value)}
          onChange={(to) => onChange(to ?? '')}
          allowDeselect={false}
        />
      );
    case 'choices':
      return <ChoicesInput node={node} graph={graph} faults={faults} may={may} onChange={onChange} />;
    case 'questions':
      return <QuestionsInput node={node} parts={parts} fault={fault?.title} may={may} onChange={onChange} />;
    case 'name':
    case 'text':
      return <ImeInput {...common} description={help && words(help)} value={String(value ?? '')} onChange={onChange} maxLength={200} />;
  }
}
