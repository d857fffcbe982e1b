import type { Kind } from './model';

/** Field is how one setting of a node is entered. */
export type Field =
  | { is: 'prompt' | 'maybe-prompt' | 'queue' | 'calendar' | 'hook' | 'target' | 'flag' | 'lines' | 'choices' | 'questions' | 'name' | 'text' }
  | { is: 'number'; from: number; to: number }
  | { is: 'one-of'; among: readonly string[] };

const seconds: Field = { is: 'number', from: 1, to: 60 };
const tries: Field = { is: 'number', from: 1, to: 9 };
const digits: Field = { is: 'number', from: 1, to: 32 };
const target: Field = { is: 'target' };
const prompt: Field = { is: 'prompt' };
const spoken: Field = { is: 'maybe-prompt' };
const queue: Field = { is: 'queue' };
const name: Field = { is: 'name' };
const lines: Field = { is: 'lines' };

/** fields are the settings of each kind, in the order of its form. */
export const fields: { [kind in Kind]: { [setting: string]: Field } } = {
  play: { prompt, next: target },
  menu: { prompt, choices: { is: 'choices' }, otherwise: target, wait: seconds, tries },
  collect: { prompt, name, min: digits, max: digits, end: { is: 'one-of', among: ['#', '*'] }, wait: seconds, tries, next: target, otherwise: target },
  hours: { calendar: { is: 'calendar' }, open: target, closed: target, holiday: target },
  condition: { of: { is: 'one-of', among: ['caller', 'called', 'attribute'] }, name, test: { is: 'one-of', among: ['known', 'is', 'begins'] }, values: lines, yes: target, no: target },
  attribute: { name, value: { is: 'text' }, from: { is: 'text' }, secret: { is: 'flag' }, next: target },
  level: { level: { is: 'one-of', among: ['none', 'little', 'full'] }, next: target },
  queue: { queue, most: { is: 'number', from: 1, to: 3600 }, priority: { is: 'number', from: 0, to: 9 }, overflow: target },
  callback: { queue, prompt, withheld: target },
  voicemail: { queue, prompt, most: { is: 'number', from: 5, to: 300 }, next: target },
  transfer: { number: { is: 'text' }, wait: { is: 'number', from: 5, to: 120 }, failed: target },
  lookup: { hook: { is: 'hook' }, prompt: spoken, caller: { is: 'flag' }, collected: lines, attributes: lines, takes: lines, found: target, failed: target },
  survey: { questions: { is: 'questions' }, wait: seconds, next: target },
  hangup: { prompt: spoken },
};
