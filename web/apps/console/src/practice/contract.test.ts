import type { z } from 'zod';
import { expect, test } from 'vitest';
import type { components } from '../api/schema';
import * as view from './views';

// As api/contract.test.ts: tsc fails where the door's fields are others than the parsers'.

type Door = components['schemas'];
type Differ<A, B> = Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A>;
type Same<Name extends keyof Door, Parser extends z.ZodType> = Differ<Door[Name], z.infer<Parser>> extends never ? true : Differ<Door[Name], z.infer<Parser>>;

const same: [
  Same<'ScenarioView', typeof view.Scenario>,
  Same<'ScenariosView', typeof view.Scenarios>,
  Same<'ScenarioTurnView', typeof view.ScenarioTurn>,
  Same<'WholeScenarioView', typeof view.WholeScenario>,
  Same<'ScriptView', typeof view.Script>,
] = [true, true, true, true, true];

test('every answer is parsed with the fields that the door has', () => {
  expect(same.every(Boolean)).toBe(true);
});
