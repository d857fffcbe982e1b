import { RuleLine, Words, levels } from '@sekisho/wire/training';
import { z } from '@sekisho/wire/z';
import { Page } from '../api/paging';

// What the console's door answers about training (internal/api/console/training_views.go).

const instant = z.string().nullable();

export const states = ['done', 'soon', 'grace', 'overdue'] as const;
const state = z.enum(states).catch('overdue');
export type NeedState = (typeof states)[number];

export const TrainingRules = z.object({ version: z.number(), required: z.boolean(), grace_days: z.number(), remind_days: z.number(), practice: z.boolean(), practice_months: z.number() });
export type TrainingRules = z.infer<typeof TrainingRules>;

export const Need = z.object({
  kind: z.enum(['course', 'document', 'practice']),
  id: z.string(),
  title: Words,
  version: z.number(),
  state,
  done: instant,
  until: instant,
  due: instant,
});
export type Need = z.infer<typeof Need>;

export const Trained = z.object({ person: z.string(), name: z.string(), kana: z.string(), state, due: instant, courses: z.number(), courses_done: z.number(), documents: z.number(), documents_done: z.number(), practice: z.enum(['none', 'open', 'done']).catch('open') });
export type Trained = z.infer<typeof Trained>;

export const TrainingOfOne = z.object({ needs: z.array(Need) });

export const TrainingOfAll = z.object({ now: z.string(), rules: TrainingRules, page: Page, people: z.array(Trained) });
export type TrainingOfAll = z.infer<typeof TrainingOfAll>;

export const Course = z.object({
  id: z.string(),
  title: Words,
  draw: z.number(),
  pass_percent: z.number(),
  pause_min: z.number(),
  valid_months: z.number(),
  required: z.boolean(),
  version: z.number(),
  pool: z.number(),
});
export type Course = z.infer<typeof Course>;
export const Courses = z.object({ courses: z.array(Course) });

export const Question = z.object({
  id: z.string(),
  text: Words,
  options: z.array(z.object({ text: Words, right: z.boolean() })),
  explain: Words,
  rule: z.string(),
});
export type Question = z.infer<typeof Question>;
export const Questions = z.object({ course: Course, questions: z.array(Question) });

export const Imported = z.object({
  questions: z.number(),
  stored: z.boolean(),
  faults: z.array(z.object({ line: z.number(), code: z.string(), title: z.string(), action: z.string() })),
});
export type Imported = z.infer<typeof Imported>;

export const RuleDoc = z.object({
  id: z.string(),
  level: z.enum(levels).catch('procedure'),
  title: Words,
  version: z.number(),
  required: z.boolean(),
  published: z.string(),
});
export type RuleDoc = z.infer<typeof RuleDoc>;
export const RuleDocs = z.object({ documents: z.array(RuleDoc) });

export const RuleWhole = z.object({
  document: RuleDoc,
  body: Words,
  versions: z.array(z.object({ version: z.number(), title: Words, note: z.string(), published: z.string(), publisher: z.string() })),
});
export type RuleWhole = z.infer<typeof RuleWhole>;

export const Difference = z.object({ from: z.number(), to: z.number(), ja: z.array(RuleLine), en: z.array(RuleLine) });
