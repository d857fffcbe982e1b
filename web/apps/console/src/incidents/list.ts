import type { Tone } from '@sekisho/ui/stateLook';
import type { Decision, Evidence, Incident } from '../api/views';

/** undecided are the incidents that still wait for an officer, the oldest first: they wait longest. */
export function undecided(incidents: readonly Incident[]): Incident[] {
  return incidents.filter((one) => one.decision === '').sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** newestFirst is the order of the whole list. */
export function newestFirst(incidents: readonly Incident[]): Incident[] {
  return [...incidents].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

export const evidenceTone: { [evidence in Evidence]: Tone } = { expected: 'attention', arrived: 'open', missing: 'closed', deleted: 'quiet', none: 'quiet' };

export const decisionTone: { [decision in Decision]: Tone } = { '': 'attention', true: 'closed', harmless: 'open', false: 'quiet' };
