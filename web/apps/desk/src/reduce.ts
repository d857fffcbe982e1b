import type { LocalProgress, LocalStatus } from '@sekisho/wire/local';
import type { State } from '@sekisho/wire/states';
import { opennessOf, reentryOf, stepOf } from './rules';
import type { Cause, Seat, SeatEvent } from './seat';

/** reduce folds one event in and notes, at the moment a screen closes, why it closed. */
export function reduce(seat: Seat, event: SeatEvent): Seat {
  const next = fold(seat, event);
  const [before, after] = [opennessOf(seat), opennessOf(next)];
  if (after !== 'closed') return before !== 'closed' ? next : { ...next, cause: null, login: null, attempt: 'none', problem: null };
  if (before === 'closed') return next;
  if (next.ended || next.resting || next.withdrawn) return { ...next, cause: null, login: null, attempt: 'none' };
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
      return { ...seat, me: event.me, withdrawn: seat.withdrawn && (event.me === null || event.me.missing.includes('consent')) };
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
      return { ...seat, granted: event.granted, enrol: null, login: null, problem: null, attempt: event.granted?.kind === 'approved_session' ? 'due' : seat.attempt };
    case 'byApproval':
      return { ...seat, byApproval: true, withdrawn: false, attempt: 'none', problem: null };
    case 'anew':
      return { ...seat, anew: true, granted: null, attempt: 'none', login: null, problem: null };
    case 'login':
      return { ...seat, login: event.login, attempt: event.login.step === 'failed' ? 'none' : seat.attempt };
    case 'enrol':
      return foldEnrol(seat, event.enrol);
    case 'attempt':
      return event.attempt === 'due'
        ? { ...seat, attempt: 'due', idle: false, login: null, enrol: null, problem: null }
        : { ...seat, attempt: event.attempt };
    case 'connect':
      return { ...emptyWork(seat), intent: true, asked: true, ended: false, withdrawn: false, byApproval: false, attempt: 'due' };
    case 'break':
      return { ...emptyWork(seat), resting: true };
    case 'resume':
      return { ...emptyWork(seat), intent: true, ended: false, resting: false, attempt: 'due' }; // the press is the intent, in a fresh page too
    case 'end':
      return { ...emptyWork(seat), me: seat.me, intent: false, asked: false, resting: false, ended: true };
    case 'withdrawn':
      // Whatever was open by the face is closed before the server says so.
      return { ...emptyWork(seat), intent: true, byApproval: false, withdrawn: true };
    case 'idle':
      return { ...seat, idle: true };
    case 'problem':
      return { ...seat, problem: event.problem, asked: false, intent: event.problem !== null && seat.asked ? false : seat.intent };
  }
}

/** emptyWork forgets what belonged to the last stretch of work. */
function emptyWork(seat: Seat): Seat {
  return { ...seat, me: null, verdict: null, silent: false, login: null, enrol: null, granted: null, cause: null, problem: null, attempt: 'none', idle: false, anew: false };
}

function foldLink(seat: Seat, link: Seat['link']): Seat {
  if (link === 'open') return { ...seat, link };
  const attempt = seat.attempt === 'running' ? 'due' : seat.attempt;
  return { ...seat, link, verdict: null, login: null, enrol: null, attempt };
}

function foldEnrol(seat: Seat, enrol: LocalProgress | null): Seat {
  // Done: who I am has changed, the witness's approval is used up, and the login is next.
  if (enrol?.step === 'done') return { ...seat, enrol: null, granted: null, me: null, anew: false, attempt: 'due' };
  return { ...seat, enrol };
}

function foldStatus(seat: Seat, status: LocalStatus): Seat {
  if (seat.status !== null && status.seq < seat.status.seq) return seat; // overtaken on its way by a newer one
  // Another connection: what the last one said of this person is to be asked anew, and what stood in its way is past.
  const another = status.connection !== '' && status.connection !== (seat.status?.connection ?? '');
  const next = { ...seat, me: another ? null : seat.me, problem: another ? null : seat.problem, status, asked: seat.asked && status.phase === 'ready' && status.code === '' };
  if (status.phase === 'live') return { ...next, idle: false };
  // A verdict belongs to its session: none of it may open the next one.
  if (seat.status?.phase === 'live') next.verdict = null;
  // Back at the start, and not because 接続 was pressed a moment ago.
  if (status.phase === 'ready' && !next.asked) return { ...next, intent: false, me: null, granted: null };
  return next;
}

/** States that name a reason by themselves; the others need the words of whoever closed. */
const telling: readonly State[] = ['onlooker', 'other', 'absent', 'covered', 'spoof', 'lost'];

function causeOf(seat: Seat): Cause {
  const { status, verdict } = seat;
  if (!seat.visible) return { kind: 'hidden' };
  if (seat.link !== 'open') return { kind: 'agent' };
  if (seat.camera.kind === 'failed') return { kind: 'camera', why: seat.camera.why };
  if (verdict !== null && verdict.screen === 'black') return { kind: 'state', state: verdict.state };
  if (status !== null && status.phase !== 'live') {
    if (telling.includes(status.state) || status.code === '') return { kind: 'state', state: status.state };
    return { kind: 'server', problem: { type: '', status: 0, code: status.code, title: status.title, action: status.action } };
  }
  return seat.silent ? { kind: 'silent' } : { kind: 'state', state: 'unknown' };
}
