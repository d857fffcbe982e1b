import { Select, Stack } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import type { Fault, FlowParts } from '../api/flowQueries';
import type { Graph } from './model';
import { flowTexts } from './texts';

type Props = { graph: Graph; parts: FlowParts; faults: Fault[]; may: boolean; onChange: (next: Graph) => void };

/** FlowForm is what holds for the whole flow: where it begins, and where a call goes when it fails. */
export function FlowForm({ graph, parts, faults, may, onChange }: Props) {
  const say = useTexts(flowTexts);
  const nodes = graph.nodes.map((one) => ({ value: one.id, label: one.title === '' ? one.id : one.title }));
  const why = (field: string) => faults.find((one) => one.field === field)?.title;
  const common = { disabled: !may, clearable: true, placeholder: say('none.chosen') };
  return (
    <section aria-labelledby="flow-settings">
      <h2 id="flow-settings">{say('settings')}</h2>
      <Stack gap="sm">
        <Select {...common} label={say('set.start')} data={nodes} value={graph.start || null} error={why('start')} onChange={(to) => onChange({ ...graph, start: to ?? '' })} />
        <Select
          {...common}
          label={say('set.fallback.prompt')}
          data={parts.prompts.map((one) => ({ value: one.id, label: one.name }))}
          value={graph.fallback.prompt || null}
          error={why('fallback')}
          onChange={(to) => onChange({ ...graph, fallback: { ...graph.fallback, prompt: to ?? '' } })}
        />
        <Select
          {...common}
          label={say('set.fallback.queue')}
          data={parts.queues.map((one) => ({ value: one.id, label: one.name }))}
          value={graph.fallback.queue || null}
          onChange={(to) => onChange({ ...graph, fallback: { ...graph.fallback, queue: to ?? '' } })}
        />
        <Select {...common} label={say('set.survey')} description={say('set.survey.help')} data={nodes} value={graph.survey || null} error={why('survey')} onChange={(to) => onChange({ ...graph, survey: to ?? '' })} />
      </Stack>
    </section>
  );
}
