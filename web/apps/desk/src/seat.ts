import type { Me } from '@sekisho/wire/desk';
import type { LocalProgress, LocalStatus, LocalVerdict } from '@sekisho/wire/local';
import type { Problem } from '@sekisho/wire/problem';
import type { State } from '@sekisho/wire/states';

// The seat is everything the page knows; the rules below are pure. What may be
// seen follows from it in one place (opennessOf), and denies unless all is well.

/** CameraState is the camera as the browser tells it. */
export type CameraFault = 'refused' | 'none' | 'busy' | 'lost' | 'engine' | 'other';
export type CameraState = { kind: 'off' } | { kind: 'starting' } | { kind: 'on'; stream: MediaStream } | { kind: 'failed'; why: CameraFault };

/** Cause says why the screen was closed: the guard's state, or what only the page or the server knows. */
export type Cause =
  | { kind: 'state'; state: State }
  | { kind: 'hidden' }
  | { kind: 'agent' } // the guard socket broke
  | { kind: 'silent' } // frames go out, no verdict comes back
  | { kind: 'camera'; why: CameraFault }
  | { kind: 'server'; problem: Problem }; // the session was ended elsewhere

/** Granted is an approval in hand. An approved session may go without a camera. */
export type Granted = { kind: 'face_enrolment'; approval: string } | { kind: 'approved_session'; approval: string; camera: boolean };

export type Door = { kind: 'opening' } | { kind: 'ticket' } | { kind: 'refused'; problem: Problem } | { kind: 'open' };

export type Seat = {
  door: Door;
  lock: 'asking' | 'held' | 'elsewhere';
  link: 'opening' | 'open' | 'closed';
  /** intent: 接続 was pressed and work was not ended since. */
  intent: boolean;
  /** asked: 接続 was pressed and the agent has not moved yet. */
  asked: boolean;
  /** attempt: a login is to be started as soon as it can be, or runs. */
  attempt: 'none' | 'due' | 'running';
  /** resting: 休憩 was pressed. */
  resting: boolean;
  /** approval that opens this person's session, or his enrolment, once a supervisor granted it. */
  granted: Granted | null;
  /** byApproval: the operator chose the way without face check. */
  byApproval: boolean;
  visible: boolean;
  status: LocalStatus | null;
  me: Me | null;
  verdict: LocalVerdict | null;
  silent: boolean;
  camera: CameraState;
  login: LocalProgress | null;
  enrol: LocalProgress | null;
  /** ended: the operator ended work by himself. */
  ended: boolean;
  cause: Cause | null;
  problem: Problem | null;
};

export const emptySeat: Seat = {
  door: { kind: 'opening' },
  lock: 'asking',
  link: 'opening',
  intent: false,
  asked: false,
  attempt: 'none',
  resting: false,
  granted: null,
  byApproval: false,
  visible: true,
  status: null,
  me: null,
  verdict: null,
  silent: false,
  camera: { kind: 'off' },
  login: null,
  enrol: null,
  ended: false,
  cause: null,
  problem: null,
};

export type SeatEvent =
  | { type: 'door'; door: Door }
  | { type: 'lock'; lock: Seat['lock'] }
  | { type: 'link'; link: Seat['link'] }
  | { type: 'status'; status: LocalStatus }
  | { type: 'me'; me: Me | null }
  | { type: 'verdict'; verdict: LocalVerdict }
  | { type: 'silent' }
  | { type: 'visible'; visible: boolean }
  | { type: 'camera'; camera: CameraState }
  | { type: 'granted'; granted: Granted | null }
  | { type: 'byApproval' }
  | { type: 'login'; login: LocalProgress }
  | { type: 'enrol'; enrol: LocalProgress | null }
  | { type: 'attempt'; attempt: Seat['attempt'] }
  | { type: 'connect' }
  | { type: 'break' }
  | { type: 'resume' }
  | { type: 'end' }
  | { type: 'problem'; problem: Problem | null };

/** reduce folds one event in and notes, at the moment a screen closes, why it closed. */
export function reduce(seat: Seat, event: SeatEvent): Seat {
  const next = fold(seat, event);
  const [before, after] = [opennessOf(seat), opennessOf(next)];
  if (after !== 'closed') return before !== 'closed' ? next : { ...next, cause: null, login: null, attempt: 'none', problem: null };
  if (before === 'closed') return next;
  if (next.ended || next.resting) return { ...next, cause: null, login: null, attempt: 'none' };
  const cause = causeOf(next);
  const attempt = reentryOf(cause) === 'alone' && stepOf(next) === 'login' ? 'due' : 'none';
  return { ...next, cause, login: null, attempt, granted: null };
}

function fold(seat: Seat, event: SeatEvent): Seat {
  switch (event.type) {
    case 'door':
      return { ...seat, door: event.door };
    case 'lock':
      return { ...seat, lock: event.lock };
    case 'link':
      return foldLink(seat, event.link);
    case 'status':
      return foldStatus(seat, event.status);
    case 'me':
      return { ...seat, me: event.me };
    case 'verdict':
      return { ...seat, verdict: event.verdict, silent: false };
    case 'silent':
      return { ...seat, silent: true };
    case 'visible':
      // What was judged before the page was hidden says nothing about now.
      return { ...seat, visible: event.visible, verdict: event.visible ? seat.verdict : null };
    case 'camera':
      return { ...seat, camera: event.camera };
    case 'granted':
      return { ...seat, granted: event.granted, enrol: null, attempt: event.granted?.kind === 'approved_session' ? 'due' : seat.attempt };
    case 'byApproval':
      return { ...seat, byApproval: true, attempt: 'none', problem: null };
    case 'login':
      return { ...seat, login: event.login, attempt: event.login.step === 'failed' ? 'none' : seat.attempt };
    case 'enrol':
      return foldEnrol(seat, event.enrol);
    case 'attempt':
      return event.attempt === 'due' ? { ...seat, attempt: 'due', login: null, enrol: null, problem: null } : { ...seat, attempt: event.attempt };
    case 'connect':
      return { ...emptyWork(seat), intent: true, asked: true, ended: false, byApproval: false, attempt: 'due' };
    case 'break':
      return { ...emptyWork(seat), resting: true };
    case 'resume':
      return { ...emptyWork(seat), resting: false, attempt: 'due' };
    case 'end':
      return { ...emptyWork(seat), me: seat.me, intent: false, asked: false, ended: true };
    case 'problem':
      return { ...seat, problem: event.problem, asked: false, intent: event.problem !== null && seat.asked ? false : seat.intent };
  }
}

/** emptyWork forgets what belonged to the last stretch of work. */
function emptyWork(seat: Seat): Seat {
  return { ...seat, me: null, verdict: null, silent: false, login: null, enrol: null, granted: null, cause: null, problem: null, attempt: 'none' };
}

function foldLink(seat: Seat, link: Seat['link']): Seat {
  if (link === 'open') return { ...seat, link };
  const attempt = seat.attempt === 'running' ? 'due' : seat.attempt;
  return { ...seat, link, verdict: null, login: null, enrol: null, attempt };
}

function foldEnrol(seat: Seat, enrol: LocalProgress | null): Seat {
  // Done: who I am has changed, and the witness's approval is used up.
  if (enrol?.step === 'done') return { ...seat, enrol: null, granted: null, me: null };
  return { ...seat, enrol };
}

function foldStatus(seat: Seat, status: LocalStatus): Seat {
  const next = { ...seat, status, asked: seat.asked && status.phase === 'ready' && status.code === '' };
  if (status.phase === 'live') return next;
  // A verdict belongs to its session: none of it may open the next one.
  if (seat.status?.phase === 'live') next.verdict = null;
  // Back at the start, and not because 接続 was pressed a moment ago.
  if (status.phase === 'ready' && !next.asked) return { ...next, intent: false, me: null, granted: null };
  return next;
}

/** Openness is what of the desktop may be in the document. */
export type Openness = 'open' | 'dim' | 'closed';

/** opennessOf is the page's whole rule: open only while everything that must hold does hold. */
export function opennessOf(seat: Seat): Openness {
  const { status, verdict } = seat;
  if (seat.door.kind !== 'open' || seat.lock !== 'held' || seat.link !== 'open') return 'closed';
  if (!seat.intent || seat.ended || seat.resting || !seat.visible || seat.silent) return 'closed';
  if (status === null || status.phase !== 'live' || verdict === null) return 'closed';
  if (seat.camera.kind === 'failed') return 'closed';
  if (verdict.screen === 'open') return 'open';
  return verdict.screen === 'dim' ? 'dim' : 'closed';
}

function causeOf(seat: Seat): Cause {
  const { status, verdict } = seat;
  if (!seat.visible) return { kind: 'hidden' };
  if (seat.link !== 'open') return { kind: 'agent' };
  if (seat.camera.kind === 'failed') return { kind: 'camera', why: seat.camera.why };
  if (verdict !== null && verdict.screen === 'black') return { kind: 'state', state: verdict.state };
  if (status !== null && status.phase !== 'live' && status.code !== '') {
    return { kind: 'server', problem: { type: '', status: 0, code: status.code, title: status.title, action: status.action } };
  }
  if (seat.silent) return { kind: 'silent' };
  return { kind: 'state', state: status?.state ?? 'unknown' };
}

/** Step is what a person in quarantine has to do next. */
export type Step = 'asking' | 'consent' | 'face' | 'login' | 'approval';

export function stepOf({ me, byApproval }: Seat): Step {
  if (me === null) return 'asking';
  if (byApproval) return 'approval';
  if (me.missing.includes('consent')) return 'consent';
  if (!me.person.face_usable) return 'approval';
  if (me.missing.includes('face')) return 'face';
  return 'login';
}

/** View is which screen is shown. */
export type View =
  | { view: 'opening' | 'ticket' | 'elsewhere' | 'agentGone' | 'unenrolled' | 'pending' | 'start' | 'connecting' | 'break' }
  | { view: 'work' }
  | { view: 'refused'; problem: Problem }
  | { view: 'black'; cause: Cause }
  | { view: 'step'; step: Step };

/** viewOf picks the screen for a seat. */
export function viewOf(seat: Seat): View {
  if (seat.door.kind === 'opening') return { view: 'opening' };
  if (seat.door.kind === 'ticket') return { view: 'ticket' };
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
      return { view: 'connecting' };
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
      return true;
    case 'face':
      return seat.granted?.kind === 'face_enrolment';
    case 'approval':
      return seat.granted?.kind === 'approved_session' && seat.granted.camera;
    case 'asking':
    case 'consent':
      return false;
  }
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
