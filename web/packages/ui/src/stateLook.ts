import type { State } from '@sekisho/wire/states';
import type { UiKey } from './texts';

/** Tone is what a state asks of the eye: open, attention, closed, quiet. Colour is never alone, a word stands beside it. */
export type Tone = 'open' | 'attention' | 'closed' | 'quiet';

const tones: { [state in State]: Tone } = {
  unknown: 'quiet',
  present: 'open',
  unsure: 'attention',
  onlooker: 'closed',
  other: 'closed',
  absent: 'attention',
  covered: 'closed',
  spoof: 'closed',
  break: 'quiet',
  lost: 'closed',
};

/** toneColor names the palette of a tone in Mantine's terms. */
export const toneColor: { [tone in Tone]: string } = { open: 'matsu', attention: 'kohaku', closed: 'beni', quiet: 'gray' };

export function stateTone(state: State): Tone {
  return tones[state];
}

/** stateKey is the word for a state in the ui texts. */
export function stateKey(state: State): UiKey {
  return `state.${state}`;
}
