import { Words } from './training';
import { z } from './z';

// Mirrors internal/wire/practice.go: the practice work with invented customers.

const instant = z.string().nullable();

export const PracticeScenario = z.object({ id: z.string(), title: Words, about: Words, turns: z.number(), done: instant, open: z.boolean() });
export type PracticeScenario = z.infer<typeof PracticeScenario>;

export const Practice = z.object({ asked: z.boolean(), done: z.boolean(), soon: z.boolean(), until: instant, due: instant, scenarios: z.array(PracticeScenario) });
export type Practice = z.infer<typeof Practice>;

export const PracticeCustomer = z.object({ name: Words, phone: z.string(), card: z.string(), plan: Words, renewal: Words });

export const PracticeCard = z.object({
  customer: PracticeCustomer,
  verdict: z.enum(['unknown', 'verified', 'failed']).catch('unknown'),
  form: z.enum(['', 'sent', 'received']).catch(''),
});
export type PracticeCard = z.infer<typeof PracticeCard>;

export const PracticeTurn = z.object({
  place: z.number(),
  step: z.number(),
  who: z.enum(['caller', 'home', 'phone', 'screen']).catch('screen'),
  black: z.boolean(),
  say: Words,
  choices: z.array(Words),
});
export type PracticeTurn = z.infer<typeof PracticeTurn>;

export const PracticeRun = z.object({
  id: z.string(),
  scenario: z.string(),
  title: Words,
  slips: z.number(),
  turns: z.number(),
  card: PracticeCard,
  turn: PracticeTurn.nullable(),
});
export type PracticeRun = z.infer<typeof PracticeRun>;

export const PracticeChosen = z.object({ right: z.boolean(), why: Words, rule: z.string(), run: PracticeRun, done: instant });
export type PracticeChosen = z.infer<typeof PracticeChosen>;

export type PracticeChoice = { step: number; chosen: number };
