import type { Seat } from './seat';

/** KeyState is how far one of the three checks has come. */
export type KeyState = 'waiting' | 'running' | 'done' | 'stopped';

export type KeyStates = { device: KeyState; line: KeyState; person: KeyState };

const ofDevice = /^(device|enrolment|certificate|models|settings)\./;

/** What is wrong with who says that he sits at a shared PC. */
const ofPerson = /^shared\.(who|not_one|too_many)$/;

const ofLeave = /^(permit|tie)\./;

/** keyStatesOf reads the three checks from the agent's phase; what is not known is still to come. */
export function keyStatesOf(seat: Seat): KeyStates {
  const { status } = seat;
  const idle = status !== null && status.phase !== 'ready' && !seat.intent; // a page that came late: nothing was asked of the tunnel that stands
  if (status === null || idle) return { device: 'waiting', line: 'waiting', person: 'waiting' };
  switch (status.phase) {
    case 'connecting':
      return status.connection === '' ? { device: 'running', line: 'waiting', person: 'waiting' } : { device: 'done', line: 'running', person: 'waiting' };
    case 'quarantine':
    case 'black':
      // The PC's own state stands in the way: nobody was looked at.
      if (seat.login?.problem?.code.startsWith('posture.')) return { device: 'stopped', line: 'done', person: 'waiting' };
      // The person was recognised; it is this PC that may not be used.
      if (ofLeave.test(seat.login?.problem?.code ?? '')) return { device: 'stopped', line: 'done', person: 'done' };
      return { device: 'done', line: 'done', person: seat.login?.step === 'failed' || seat.camera.kind === 'failed' ? 'stopped' : 'running' };
    case 'live':
      return { device: 'done', line: 'done', person: 'done' };
    case 'ready':
      if (seat.asked) return { device: 'running', line: 'waiting', person: 'waiting' };
      if (status.code === '') return { device: 'waiting', line: 'waiting', person: 'waiting' };
      if (ofPerson.test(status.code)) return { device: 'done', line: 'done', person: 'stopped' };
      // What stands in the way lies with the PC or its key, or else on the way to the centre.
      return ofDevice.test(status.code) ? { device: 'stopped', line: 'waiting', person: 'waiting' } : { device: 'waiting', line: 'stopped', person: 'waiting' };
    default:
      return { device: 'waiting', line: 'waiting', person: 'waiting' };
  }
}
