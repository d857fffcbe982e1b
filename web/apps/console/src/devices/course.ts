import type { Tone } from '@sekisho/ui/stateLook';
import type { DeviceState } from '../api/views';

/** Act is a step in a PC's life that an administrator may take from this page. */
export type Act = 'suspend' | 'resume' | 'revoke' | 'refuse';

// The room decides (devices.course); this only keeps buttons away that it would
// refuse. A return is received with its slip, on the PC's page of issue and return.
const course: { [state in DeviceState]: readonly Act[] } = {
  registered: ['revoke'],
  pending: ['refuse', 'revoke'],
  issued: ['suspend', 'revoke'],
  suspended: ['resume', 'revoke'],
  returned: ['revoke'],
  revoked: [],
};

export function actsFor(state: DeviceState): readonly Act[] {
  return course[state];
}

/** mayHaveCode says whether an enrolment code can be made in this state. */
export function mayHaveCode(state: DeviceState): boolean {
  return state === 'registered' || state === 'pending' || state === 'issued';
}

export const deviceTone: { [state in DeviceState]: Tone } = {
  registered: 'quiet',
  pending: 'attention',
  issued: 'open',
  suspended: 'attention',
  returned: 'quiet',
  revoked: 'closed',
};

/** groupsOf splits a fingerprint as the PC's screen does, so that people can compare group by group. */
export function groupsOf(fingerprint: string): string[] {
  const groups = fingerprint.split(/[\s-]+/).filter((group) => group !== '');
  return groups.length > 1 ? groups : (fingerprint.match(/.{1,4}/g) ?? []);
}
