import { Place } from '@sekisho/wire/states';
import { z } from '@sekisho/wire/z';

// What the door answers about access policies (internal/api/console/views_rules.go).

const instant = z.string().nullable();

export const RulesVersion = z.object({ number: z.number(), note: z.string(), author: z.string(), at: instant });
export type RulesVersion = z.infer<typeof RulesVersion>;

export const Rules = z.object({
  version: RulesVersion,
  text: z.string(),
  global: z.string(),
  templates: z.array(z.object({ id: z.string(), text: z.string() })),
  history: z.array(RulesVersion),
});
export type Rules = z.infer<typeof Rules>;

export const RulesPast = z.object({ number: z.number(), text: z.string() });

export const RulesAnswer = z.object({ allow: z.boolean().catch(false), code: z.string(), text: z.string(), policies: z.array(z.string()) });
export type RulesAnswer = z.infer<typeof RulesAnswer>;

export const acts = ['open', 'reach', 'manage'] as const;

export const RulesCheck = z.object({
  faults: z.array(z.object({ line: z.number(), policy: z.string(), code: z.string(), title: z.string(), action: z.string(), detail: z.string() })),
  asked: z.number(),
  gained: z.number(),
  lost: z.number(),
  differences: z.array(
    z.object({ person: z.string(), name: z.string(), act: z.enum(acts), desktop: z.string(), label: z.string(), place: Place, before: RulesAnswer, after: RulesAnswer }),
  ),
});
export type RulesCheck = z.infer<typeof RulesCheck>;

export const DesktopWho = z.object({ people: z.array(z.object({ person: z.string(), name: z.string(), home: RulesAnswer, office: RulesAnswer })) });
export type DesktopWho = z.infer<typeof DesktopWho>;

export const Refusal = z.object({
  at: z.string(),
  person: z.string(),
  name: z.string(),
  asset_tag: z.string(),
  act: z.enum(['open', 'reach']),
  label: z.string(),
  code: z.string(),
  title: z.string(),
  action: z.string(),
  policies: z.array(z.string()),
  version: z.string(),
});
export type Refusal = z.infer<typeof Refusal>;
export const Refusals = z.object({ refusals: z.array(Refusal) });
