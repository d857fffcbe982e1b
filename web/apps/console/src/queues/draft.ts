import { plain } from '@sekisho/ui/ime';
import type { QueueSettings } from '../api/telephoneQueries';

/** The numbers of a queue's settings, with the least and the most that the room takes. */
export const bounds = {
  priority: [0, 9], max_wait: [0, 14_400], max_length: [1, 1_000], ring_for: [5, 120], wrap_up: [0, 3_600], target: [1, 600], short_within: [0, 60], tell_every: [0, 600],
} as const;
export type NumberField = keyof typeof bounds;
export const numberFields = Object.keys(bounds) as NumberField[];

export type Draft = Omit<QueueSettings, NumberField | 'skills' | 'widen' | 'codes'> & { [field in NumberField]: string } & {
  name: string;
  work: string;
  skills: { name: string; degree: string }[];
  widen: { after: string; lower: string }[];
  codes: string;
};

export function draftOf(name: string, work: string, s: QueueSettings): Draft {
  const numbers = Object.fromEntries(numberFields.map((field) => [field, String(s[field])])) as { [field in NumberField]: string };
  return {
    ...s, ...numbers, name, work,
    skills: s.skills.map((one) => ({ name: one.name, degree: String(one.degree) })),
    widen: s.widen.map((one) => ({ after: String(one.after), lower: String(one.lower) })),
    codes: s.codes.join('\n'),
  };
}

const count = (text: string, least: number, most: number) => /^\d{1,5}$/.test(plain(text)) && Number(plain(text)) >= least && Number(plain(text)) <= most;

/** codesOf are the wrap-up codes, one on each line. */
export function codesOf(text: string): string[] {
  return text.split('\n').map(plain).filter((one) => one !== '');
}

export type DraftFault = NumberField | 'name' | 'work' | 'places' | 'skills' | 'widen' | 'codes';

/** faultsOf lists what is still wrong. */
export function faultsOf(draft: Draft): DraftFault[] {
  const faults: DraftFault[] = [];
  if (plain(draft.name) === '') faults.push('name');
  if (draft.work === '') faults.push('work');
  if (!draft.home && !draft.office) faults.push('places');
  for (const field of numberFields) {
    const [least, most] = bounds[field];
    if (!count(draft[field], least, most) || (field === 'tell_every' && Number(plain(draft[field])) > 0 && Number(plain(draft[field])) < 10)) faults.push(field);
  }
  const names = draft.skills.map((one) => plain(one.name));
  if (names.length > 8 || new Set(names).size < names.length || names.includes('') || draft.skills.some((one) => !count(one.degree, 1, 10))) faults.push('skills');
  const steps = draft.widen.map((one) => ({ after: Number(plain(one.after)), lower: Number(plain(one.lower)) }));
  const wrongStep = (step: (typeof steps)[number], at: number) => step.after <= (steps[at - 1]?.after ?? 0) || step.lower <= (steps[at - 1]?.lower ?? 0);
  if (steps.length > 8 || draft.widen.some((one) => !count(one.after, 1, 3_600) || !count(one.lower, 1, 10)) || steps.some(wrongStep)) faults.push('widen');
  const codes = codesOf(draft.codes);
  if (codes.length > 100 || codes.some((one) => one.length > 40) || new Set(codes).size < codes.length || (draft.code_needed && (codes.length === 0 || Number(plain(draft.wrap_up)) === 0))) faults.push('codes');
  return faults;
}

/** settingsOf is what goes to the door. */
export function settingsOf(draft: Draft): QueueSettings {
  const numbers = Object.fromEntries(numberFields.map((field) => [field, Number(plain(draft[field]))])) as { [field in NumberField]: number };
  return {
    ...numbers,
    strategy: draft.strategy, home: draft.home, office: draft.office, home_little: draft.home && draft.home_little, min_tier: draft.min_tier, overflow: draft.overflow,
    code_needed: draft.code_needed,
    skills: draft.skills.map((one) => ({ name: plain(one.name), degree: Number(plain(one.degree)) })),
    widen: draft.widen.map((one) => ({ after: Number(plain(one.after)), lower: Number(plain(one.lower)) })),
    codes: codesOf(draft.codes),
  };
}
