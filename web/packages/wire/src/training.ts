import { z } from './z';

// Mirrors internal/wire/training.go: courses, quizzes and rule documents.

/** Words is one text in both languages. */
export const Words = z.object({ ja: z.string(), en: z.string() });
export type Words = z.infer<typeof Words>;

const instant = z.string().nullable();

export const TrainingDue = z.object({ open: z.number(), due: instant });
export type TrainingDue = z.infer<typeof TrainingDue>;

export const TrainingQuestion = z.object({ place: z.number(), text: Words, options: z.array(Words), several: z.boolean() });
export type TrainingQuestion = z.infer<typeof TrainingQuestion>;

export const TrainingAttempt = z.object({
  id: z.string(),
  asked: z.number(),
  answered: z.number(),
  right: z.number(),
  question: TrainingQuestion.nullable(),
});
export type TrainingAttempt = z.infer<typeof TrainingAttempt>;

export const TrainingCourse = z.object({
  id: z.string(),
  title: Words,
  questions: z.number(),
  pass_percent: z.number(),
  pause_s: z.number(),
  done: z.boolean(),
  soon: z.boolean(),
  until: instant,
  due: instant,
  retry_at: instant,
  attempt: TrainingAttempt.nullable(),
});
export type TrainingCourse = z.infer<typeof TrainingCourse>;

export const levels = ['policy', 'standard', 'procedure'] as const;
export const Level = z.enum(levels).catch('procedure');

export const TrainingDocument = z.object({
  id: z.string(),
  level: Level,
  title: Words,
  version: z.number(),
  required: z.boolean(),
  done: instant,
  due: instant,
});
export type TrainingDocument = z.infer<typeof TrainingDocument>;

export const Training = z.object({ courses: z.array(TrainingCourse), documents: z.array(TrainingDocument) });
export type Training = z.infer<typeof Training>;

export const TrainingResult = z.object({ passed: z.boolean(), percent: z.number(), until: instant, retry_at: instant });
export type TrainingResult = z.infer<typeof TrainingResult>;

export const TrainingAnswered = z.object({
  correct: z.boolean(),
  right: z.array(z.number()),
  explain: Words,
  rule: z.string(),
  attempt: TrainingAttempt,
  result: TrainingResult.nullable(),
});
export type TrainingAnswered = z.infer<typeof TrainingAnswered>;

export type TrainingAnswer = { place: number; chosen: number[] };

export const RuleLine = z.object({ op: z.enum(['same', 'added', 'removed']), text: z.string() });
export type RuleLine = z.infer<typeof RuleLine>;

export const RuleChange = z.object({ ja: z.array(RuleLine), en: z.array(RuleLine) });

export const RuleDocument = z.object({ document: TrainingDocument, body: Words, since: z.number(), changes: RuleChange });
export type RuleDocument = z.infer<typeof RuleDocument>;

export type LocalAcknowledge = { document: string; version: number; language: string };
