import type { z } from 'zod';
import { expect, test } from 'vitest';
import type { components } from '../api/schema';
import * as view from './views';

// As api/contract.test.ts: tsc fails where the door's fields are others than the parsers'.

type Door = components['schemas'];
type Differ<A, B> = Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A>;
type Same<Name extends keyof Door, Parser extends z.ZodType> = Differ<Door[Name], z.infer<Parser>> extends never ? true : Differ<Door[Name], z.infer<Parser>>;

const same: [
  Same<'TrainingView', typeof view.TrainingOfAll>,
  Same<'TrainingRulesView', typeof view.TrainingRules>,
  Same<'TrainedPersonView', typeof view.Trained>,
  Same<'PersonTrainingView', typeof view.TrainingOfOne>,
  Same<'NeedView', typeof view.Need>,
  Same<'CourseView', typeof view.Course>,
  Same<'QuestionView', typeof view.Question>,
  Same<'QuestionsView', typeof view.Questions>,
  Same<'ImportView', typeof view.Imported>,
  Same<'RuleDocumentView', typeof view.RuleDoc>,
  Same<'RuleTextView', typeof view.RuleWhole>,
  Same<'DifferenceView', typeof view.Difference>,
] = [true, true, true, true, true, true, true, true, true, true, true, true];

test('every answer is parsed with the fields that the door has', () => {
  expect(same.every(Boolean)).toBe(true);
});
