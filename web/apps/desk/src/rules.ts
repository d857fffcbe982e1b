import type { Problem } from '@sekisho/wire/problem';
import type { Cause, Seat } from './seat';
import type { LocalStatus } from '@sekisho/wire/local';

// What follows from a seat: what may be seen, what is shown, what is due. Every
// rule denies unless all that it needs is well.

/** Openness is what of the desktop may be in the document. */
export type Openness = 'open' | 'dim' | 'closed';

/** opennessOf is the page's whole rule: open only while everything that must hold does hold. */
export function opennessOf(seat: Seat): Openness {
  const { status, verdict } = seat;
  if (seat.door.kind !== 'open' || seat.lock !== 'held' || seat.link !== 'open') return 'closed';
  if (!seat.intent || seat.ended || seat.withdrawn || seat.resting || !seat.visible || seat.silent) return 'closed';
  if (status === null || status.phase !== 'live' || verdict === null) return 'closed';
  if (seat.camera.kind === 'failed') return 'closed';
  if (verdict.screen === 'open') return 'open';
  return verdict.screen === 'dim' ? 'dim' : 'closed';
}

/** Step is what a person in quarantine has to do next. */
export type Step = 'asking' | 'consent' | 'face' | 'training' | 'login' | 'approval';

export function stepOf(seat: Seat): Step {
  const step = wayIn(seat);
  // Whoever comes in at all, by face or by approval, has first done what the rules ask.
  return (step === 'login' || step === 'approval') && seat.me?.missing.includes('training') ? 'training' : step;
}

function wayIn({ me, byApproval, anew }: Seat): Step {
  if (me === null) return 'asking';
  if (byApproval) return 'approval';
  if (me.missing.includes('consent')) return 'consent';
  if (!me.person.face_usable) return 'approval';
  if (anew || me.missing.includes('face')) return 'face';
  return 'login';
}

/** faceLost says whether trying again cannot help: this PC has not the face that the server knows. */
export function faceLost(problem: Problem | null | undefined): boolean {
  return problem?.code === 'vigil.not_enrolled' || problem?.code === 'face.template_swapped' || problem?.code === 'camera.not_enrolled';
}

/** View is which screen is shown. */
export type View =
  | { view: 'opening' | 'ticket' | 'replaced' | 'elsewhere' | 'agentGone' | 'unenrolled' | 'pending' | 'start' | 'connecting' | 'break' }
  | { view: 'work' }
  | { view: 'refused'; problem: Problem }
  | { view: 'black'; cause: Cause }
  | { view: 'step'; step: Step };

/** viewOf picks the screen for a seat. */
export function viewOf(seat: Seat): View {
  if (seat.door.kind === 'opening') return { view: 'opening' };
  if (seat.door.kind === 'ticket' || seat.door.kind === 'replaced') return { view: seat.door.kind };
  if (seat.door.kind === 'refused') return { view: 'refused', problem: seat.door.problem };
  if (seat.lock === 'elsewhere') return { view: 'elsewhere' };
  if (opennessOf(seat) !== 'closed') return { view: 'work' };
  if (seat.link === 'closed') return seat.cause ? { view: 'black', cause: seat.cause } : { view: 'agentGone' };
  if (seat.lock === 'asking' || seat.status === null) return { view: 'opening' };
  if (seat.resting) return { view: 'break' };
  return viewOfPhase(seat, seat.status);
}

function viewOfPhase(seat: Seat, status: LocalStatus): View {
  switch (status.phase) {
    case 'unenrolled':
      return { view: 'unenrolled' };
    case 'pending':
      return { view: 'pending' };
    case 'break':
      return { view: 'break' };
    case 'ready':
      return { view: seat.asked ? 'connecting' : 'start' };
    case 'connecting':
      // The agent finds its way back by itself; the reason stays in view meanwhile.
      return seat.intent && seat.cause ? { view: 'black', cause: seat.cause } : { view: 'connecting' };
    case 'quarantine':
    case 'black':
    case 'live':
      if (!seat.intent) return { view: 'start' };
      if (seat.cause) return { view: 'black', cause: seat.cause };
      return { view: 'step', step: stepOf(seat) };
  }
}

/** reentryOf says whether a closed screen comes back by itself, or waits for a press. */
export function reentryOf(cause: Cause): 'alone' | 'press' | 'reopen' {
  switch (cause.kind) {
    case 'hidden':
    case 'silent':
      return 'alone';
    case 'agent':
      return 'reopen';
    case 'camera':
    case 'server':
      return 'press';
    case 'state':
      return cause.state === 'onlooker' || cause.state === 'absent' || cause.state === 'unsure' || cause.state === 'lost' ? 'alone' : 'press';
  }
}

/** cameraWanted says whether the camera may be on: for nothing but enrolment, login and the guard. */
export function cameraWanted(seat: Seat): boolean {
  const { status } = seat;
  if (seat.door.kind !== 'open' || seat.lock !== 'held' || !seat.intent || seat.resting || seat.ended) return false;
  if (status === null || !(status.phase === 'quarantine' || status.phase === 'live' || status.phase === 'black')) return false;
  switch (stepOf(seat)) {
    case 'login':
      return status.phase === 'live' || trying(seat) || !seat.idle;
    case 'face':
      return seat.granted?.kind === 'face_enrolment';
    case 'approval':
      return seat.granted?.kind === 'approved_session' && seat.granted.camera;
    case 'asking':
    case 'consent':
    case 'training':
      return false;
  }
}

/** trying says that a login runs, or starts as soon as it can. */
function trying({ attempt, visible, link }: Seat): boolean {
  return attempt !== 'none' && visible && link === 'open';
}

/**
 * cameraLingers says that the camera is on without a session and without a login
 * that could use it. It may stay so for a minute, so that the next press is
 * answered at once; then its lamp goes out.
 */
export function cameraLingers(seat: Seat): boolean {
  return seat.status?.phase !== 'live' && cameraWanted(seat) && stepOf(seat) === 'login' && !trying(seat);
}

/**
 * featuresWanted says whether faces may be measured so that they can be told
 * apart: with consent, for a login by face, its session, or an enrolment. Work by
 * approval needs to know that one living face is there, not whose.
 */
export function featuresWanted(seat: Seat): boolean {
  const step = stepOf(seat);
  return seat.me !== null && seat.me.person.consented && (step === 'login' || step === 'face');
}

/** resumeDue says that 再開 was pressed and the agent is still on the break: a press on a page whose socket was not open yet is not lost. */
export function resumeDue({ status, intent, resting, link }: Seat): boolean {
  return status?.phase === 'break' && intent && !resting && link === 'open';
}

/** loginDue says whether the page should ask for the login now. */
export function loginDue(seat: Seat): boolean {
  const { status } = seat;
  if (seat.attempt !== 'due' || seat.link !== 'open' || !seat.visible || !seat.intent || seat.resting) return false;
  if (status === null || !(status.phase === 'quarantine' || status.phase === 'black')) return false;
  const step = stepOf(seat);
  if (step === 'approval') return seat.granted?.kind === 'approved_session' && (!seat.granted.camera || seat.camera.kind === 'on');
  return step === 'login' && seat.camera.kind === 'on';
}
