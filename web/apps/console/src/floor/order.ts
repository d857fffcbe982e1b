import type { Tone } from '@sekisho/ui/stateLook';
import { stateTone } from '@sekisho/ui/stateLook';
import type { Seat } from '../api/views';

/** Group is what a supervisor looks for first; the order here is the order on the floor. */
export const groups = ['alert', 'watch', 'gate', 'open', 'away', 'off'] as const;
export type Group = (typeof groups)[number];

/** groupOf puts a seat where it belongs. What is not understood needs attention. */
export function groupOf(seat: Seat): Group {
  switch (seat.phase) {
    case 'offline':
      return 'off';
    case 'break':
      return 'away';
    case 'quarantine':
      return 'gate';
    case 'closed':
      return stateTone(seat.state) === 'closed' ? 'alert' : 'watch';
    case 'live':
      return liveGroup(seat);
  }
}

function liveGroup(seat: Seat): Group {
  if (stateTone(seat.state) === 'closed') return 'alert';
  return seat.state === 'present' ? 'open' : 'watch';
}

/** toneOf is the colour of a group; its word and icon always stand beside it. */
export const toneOf: { [group in Group]: Tone } = { alert: 'closed', watch: 'attention', gate: 'quiet', open: 'open', away: 'quiet', off: 'quiet' };

/** byAlert sorts the floor: what needs a person first, then who has waited longest, then by name. */
export function byAlert(seats: readonly Seat[]): Seat[] {
  return [...seats].sort((a, b) => groups.indexOf(groupOf(a)) - groups.indexOf(groupOf(b)) || since(a) - since(b) || collator.compare(a.name, b.name) || collator.compare(a.asset_tag, b.asset_tag));
}

const collator = new Intl.Collator('ja', { numeric: true });

function since(seat: Seat): number {
  return seat.since === null ? Number.MAX_SAFE_INTEGER : Date.parse(seat.since);
}

/** tally counts the seats of each group. */
export function tally(seats: readonly Seat[]): { [group in Group]: number } {
  const counts = { alert: 0, watch: 0, gate: 0, open: 0, away: 0, off: 0 };
  for (const seat of seats) counts[groupOf(seat)]++;
  return counts;
}
