import { Words } from '@sekisho/wire/training';
import { z } from '@sekisho/wire/z';

// What the console's door answers about the practice work (internal/api/console/practice.go).

export const Scenario = z.object({ id: z.string(), version: z.number(), title: Words, about: Words, turns: z.number() });
export type Scenario = z.infer<typeof Scenario>;
export const Scenarios = z.object({ scenarios: z.array(Scenario) });

export const ScenarioTurn = z.object({
  who: z.enum(['caller', 'home', 'phone', 'screen']).catch('screen'),
  black: z.boolean(),
  say: Words,
  choices: z.array(z.object({ right: z.boolean(), text: Words, why: Words, rule: z.string() })),
});
export type ScenarioTurn = z.infer<typeof ScenarioTurn>;
export const WholeScenario = z.object({ scenario: Scenario, turns: z.array(ScenarioTurn) });

export const Script = z.object({
  scenarios: z.array(z.object({ id: z.string(), title: Words, version: z.number(), fate: z.enum(['new', 'version', 'same']) })),
  stored: z.boolean(),
  faults: z.array(z.object({ line: z.number(), field: z.string(), code: z.string(), title: z.string(), action: z.string() })),
});
export type Script = z.infer<typeof Script>;
