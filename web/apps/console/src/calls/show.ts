import { elapsed } from '@sekisho/ui/time';
import type { Tone } from '@sekisho/ui/stateLook';
import type { Agent } from '../api/callQueries';

/** percent writes a share; '—' where it would divide by nothing. */
export const percent = (share: number | null) => (share === null ? '—' : `${(share * 100).toFixed(1)} %`);

/** length writes seconds as m:ss. */
export const length = (seconds: number | null) => (seconds === null ? '—' : elapsed(seconds * 1000));

/** toneOf is the colour of an operator's telephone state. */
export function toneOf(state: Agent['state']): Tone {
  switch (state) {
    case 'ready':
    case 'talking':
    case 'hold':
    case 'ringing':
    case 'reserved':
      return 'open';
    case 'wrap_up':
    case 'no_answer':
      return 'attention';
    case 'locked':
      return 'closed';
    default:
      return 'quiet';
  }
}
