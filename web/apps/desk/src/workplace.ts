import { currentLanguage } from '@sekisho/ui/language';
import { ConsentText, Me, type ConsentAnswer } from '@sekisho/wire/desk';
import { createClient, type Client } from '@sekisho/wire/http';
import type { LocalAcknowledge } from '@sekisho/wire/training';
import { LocalRelay } from '@sekisho/wire/phone';
import { LocalBearer, LocalTicket, LocalStatus, type AgentMessage } from '@sekisho/wire/local';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { flushSync } from 'react-dom';
import type { Entry } from './entry';
import { createEyes, type EngineMaker, type Eyes } from './eyes';
import { openLink, type Link } from './link';
import { reduce } from './reduce';
import { cameraLingers, cameraWanted, featuresWanted, loginDue, opennessOf, reentryOf, resumeDue } from './rules';
import { emptySeat, type Granted, type Seat, type SeatEvent } from './seat';
import { createShots } from './shot';
import { holdTab, type TabLock } from './tabLock';

/** The camera stays on for so long without a login that uses it. */
const lingerMS = 60_000;

/** A closed screen comes back by itself for this long; then it waits for a press. */
const patienceMS = 10 * 60_000;

/**
 * Which failed logins are tried again by themselves after an onlooker or an
 * absence, and how soon. Those that speak against somebody count at the server:
 * they are a person's own press, never a timer's.
 */
const againMS: { [code: string]: number } = { 'vigil.login_timeout': 1000 };

/**
 * Workplace holds the seat and does what follows from it: it keeps the guard
 * socket, the camera and the engine as the seat wants them, and unmounts the
 * desktop in the very task in which it learns that it must.
 */
export class Workplace {
  readonly shots = createShots();
  readonly desk: Client;
  /** drafts are objections that were begun and not sent, by incident. */
  readonly drafts = new Map<string, string>();
  /**
   * telephone is what the operator chose of his telephone. It outlives a screen that
   * went black: whoever comes back has it open again, by the same headset.
   */
  readonly telephone: { open: boolean; chosen: { input: string; output: string; said: boolean } } = { open: false, chosen: { input: '', output: '', said: false } };
  /** openedAt is when this stretch of work first opened (performance.now), 0 before. */
  openedAt = 0;
  private readonly local: Client;
  private readonly eyes: Eyes;
  private seat: Seat = emptySeat;
  private readonly listeners = new Set<() => void>();
  private bearer = '';
  private link: Link | null = null;
  private lock: TabLock | null = null;
  private asking = false;
  private ending: Promise<void> = Promise.resolve(); // until the agent has answered the end of work
  private enrolled = ''; // the approval that an enrolment was started with on this socket
  private closedAt = 0;
  private again: ReturnType<typeof setTimeout> | undefined;
  private linger: ReturnType<typeof setTimeout> | undefined;

  constructor(makeEngine: EngineMaker) {
    const bearer = () => this.bearer;
    this.local = createClient({ base: '/local/v1/', bearer, language: currentLanguage });
    this.desk = createClient({ base: '/api/desk/v1/', bearer, language: currentLanguage });
    this.eyes = createEyes({
      makeEngine,
      onFrame: (frame) => this.link?.send({ type: 'frame', frame }),
      told: (camera) => this.dispatch({ type: 'camera', camera }),
      onSilent: () => this.dispatch({ type: 'silent' }),
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly current = (): Seat => this.seat;

  /** begin trades the ticket, then takes the tab's lock, then talks to the agent. */
  async begin(entry: Entry): Promise<void> {
    document.addEventListener('visibilitychange', this.onVisibility);
    window.addEventListener('pagehide', () => this.link?.send({ type: 'leave' })); // the operator's own end of work, no lost page
    this.onVisibility();
    if (entry.ticket === null) return this.dispatch({ type: 'door', door: { kind: 'ticket' } });
    try {
      this.bearer = (await this.local.ask('POST', 'bearer', LocalBearer, { ticket: entry.ticket })).bearer;
    } catch (thrown) {
      return this.dispatch({ type: 'door', door: { kind: 'refused', problem: problemOf(thrown) } });
    }
    this.dispatch({ type: 'door', door: { kind: 'open' } });
    this.takeTab(false);
  }

  /** takeTab makes this tab the one that works; with steal it takes over from another. */
  takeTab(steal: boolean): void {
    this.lock?.release();
    this.lock = holdTab((state) => {
      this.dispatch({ type: 'lock', lock: state });
      if (state === 'held') void this.talk();
      else this.hangUp();
    }, steal);
  }

  /**
   * connect asks the agent for a connection; where it has one already, the press
   * is the intent alone. login says who sits at a shared PC.
   */
  async connect(login = ''): Promise<void> {
    performance.mark('sekisho:connect');
    await this.ending; // what is asked while the last connection ends would be asked of that one
    this.openedAt = 0;
    this.dispatch({ type: 'connect' });
    try {
      this.dispatch({ type: 'status', status: await this.local.ask('POST', 'connect', LocalStatus, login === '' ? undefined : { login }) });
    } catch (thrown) {
      this.dispatch({ type: 'problem', problem: problemOf(thrown) });
    }
  }

  /** enrolAgain has the PC enrolled anew after its TPM has lost the key. */
  async enrolAgain(): Promise<void> {
    try {
      this.dispatch({ type: 'status', status: await this.local.ask('POST', 'again', LocalStatus) });
    } catch (thrown) {
      this.dispatch({ type: 'problem', problem: problemOf(thrown) });
    }
  }

  end(): Promise<void> {
    this.dispatch({ type: 'end' });
    this.shots.drop();
    this.drafts.clear();
    this.telephone.open = false;
    this.ending = this.local.ask('POST', 'disconnect', LocalStatus).then(
      (status) => this.dispatch({ type: 'status', status }),
      (thrown: unknown) => this.dispatch({ type: 'problem', problem: problemOf(thrown) }),
    );
    return this.ending;
  }

  rest(): void {
    this.link?.send({ type: 'break' });
    this.dispatch({ type: 'break' });
  }

  resume(): void {
    this.dispatch({ type: 'resume' }); // settle tells it, once the socket is open
  }

  /** tryAgain starts the login or the enrolment again, and the camera first if it had failed. */
  tryAgain(): void {
    this.closedAt = performance.now();
    this.enrolled = '';
    if (this.seat.camera.kind === 'failed') this.dispatch({ type: 'camera', camera: { kind: 'off' } });
    this.dispatch({ type: 'attempt', attempt: 'due' });
  }

  /** grant hands in an approval that a supervisor gave, or gives it up. */
  grant(granted: Granted | null): void {
    this.dispatch({ type: 'granted', granted });
  }

  /** goByApproval leaves the face check aside; whether that is allowed is the server's to say. */
  goByApproval(): void {
    this.dispatch({ type: 'byApproval' });
  }

  /** enrolAnew asks for a witness: the face that the server knows is not on this PC. */
  enrolAnew(): void {
    this.dispatch({ type: 'anew' });
  }

  /** withdraw takes the consent back; it throws if the server still has it. */
  async withdraw(): Promise<void> {
    const text = await this.desk.ask('GET', `consent?lang=${currentLanguage()}`, ConsentText);
    try {
      await this.desk.tell('POST', 'consent', { version: text.version, accept: false } satisfies ConsentAnswer);
    } catch (thrown) {
      // It ends the session that carries it, and the answer may be lost with that.
      const me = await this.desk.ask('GET', 'me', Me).catch(() => null);
      if (me === null || me.person.consented) throw thrown;
    }
    this.shots.drop();
    this.dispatch({ type: 'withdrawn' });
  }

  /** confirm is the signed word of an operator without a camera that he is there. */
  confirm(): void {
    this.link?.send({ type: 'confirm' });
  }

  /** acknowledge has the agent sign for the version of a rule document that is shown. */
  acknowledge(what: LocalAcknowledge): Promise<void> {
    return this.local.tell('POST', 'acknowledge', what);
  }

  /** relearn asks who I am and what is missing without letting go of what is known: work goes on meanwhile. */
  async relearn(): Promise<void> {
    const me = await this.desk.ask('GET', 'me', Me).catch(() => null); // what is known stays
    if (me !== null && me.connection === this.seat.status?.connection && me.session?.id === this.seat.me?.session?.id) this.dispatch({ type: 'me', me });
  }

  /** refresh asks the desk door again who I am and what is missing. */
  refresh(): void {
    this.dispatch({ type: 'problem', problem: null });
    this.dispatch({ type: 'me', me: null });
  }

  /** consoleTicket lets the console's frame in, once. */
  async consoleTicket(signal: AbortSignal): Promise<string> {
    return (await this.local.ask('POST', 'console', LocalTicket, undefined, signal)).ticket;
  }

  /** relay asks the agent for the way that the telephone's sound goes; it ends with the session. */
  relay(): Promise<LocalRelay> {
    return this.local.ask('POST', 'phone', LocalRelay);
  }

  /** bearerMessage is the first message of a WebSocket that the page opens by itself. */
  bearerMessage(): string {
    return JSON.stringify({ bearer: this.bearer });
  }

  private dispatch(event: SeatEvent): void {
    const before = opennessOf(this.seat);
    const next = reduce(this.seat, event);
    const after = opennessOf(next);
    const publish = () => {
      this.seat = next;
      for (const listener of this.listeners) listener();
    };
    if (before !== 'closed' && after === 'closed') {
      const frame = (next.verdict ?? this.seat.verdict)?.frame_id ?? 0;
      this.shots.take();
      flushSync(publish);
      this.closedAt = performance.now();
      performance.mark('sekisho:black', { detail: { frame, cause: next.cause?.kind ?? '' } });
    } else {
      publish();
    }
    if (after !== 'closed' && this.openedAt === 0) this.openedAt = performance.now();
    this.settle();
  }

  /** settle makes the world match the seat; what is already so is left alone. */
  private settle(): void {
    const { seat } = this;
    this.eyes.features(featuresWanted(seat));
    if (!cameraLingers(seat)) {
      clearTimeout(this.linger);
      this.linger = undefined;
    } else {
      this.linger ??= setTimeout(() => this.dispatch({ type: 'idle' }), lingerMS);
    }
    if (cameraWanted(seat)) {
      if (seat.camera.kind === 'off') return this.eyes.on(seat.status?.models ?? []);
    } else if (seat.camera.kind !== 'off') {
      this.eyes.off();
      return this.dispatch({ type: 'camera', camera: { kind: 'off' } });
    }
    if (resumeDue(seat)) this.link?.send({ type: 'resume' });
    this.askMe();
    if (loginDue(seat)) return this.login();
    const { granted } = seat;
    if (granted?.kind === 'face_enrolment' && seat.camera.kind === 'on' && seat.link === 'open' && this.enrolled !== granted.approval) {
      this.enrolled = granted.approval;
      this.link?.send(granted.watched ? { type: 'enrol', approval: granted.approval, watched: true } : { type: 'enrol', approval: granted.approval });
    }
  }

  private login(): void {
    const { granted } = this.seat;
    this.link?.send(granted?.kind === 'approved_session' ? { type: 'login', approval: granted.approval } : { type: 'login' });
    this.dispatch({ type: 'attempt', attempt: 'running' });
  }

  private askMe(): void {
    const { status, me, intent, link, problem } = this.seat;
    const inside = status !== null && (status.phase === 'quarantine' || status.phase === 'live' || status.phase === 'black');
    const stale = me === null || (status?.phase === 'live' && me.session?.id !== status.session && status.session !== '');
    if (!inside || !stale || !intent || this.asking || link !== 'open' || problem !== null) return;
    this.asking = true;
    const { session, connection } = status;
    this.desk
      .ask('GET', 'me', Me)
      .then(
        (fresh): SeatEvent => ({ type: 'me', me: fresh.session?.id === session || session === '' ? fresh : { ...fresh, session: this.sessionOf(fresh, session) } }),
        (thrown: unknown): SeatEvent => ({ type: 'problem', problem: problemOf(thrown) }),
      )
      .then((event) => {
        this.asking = false;
        if (this.seat.status?.connection === connection) this.dispatch(event);
        else this.settle(); // asked of a connection that is gone: the new one is asked
      });
  }

  // The agent may know of a session an instant before the door shows it: its
  // name is enough to stop asking, and says nothing that could open anything.
  private sessionOf(fresh: Me, id: string): Me['session'] {
    return { id, class: fresh.person.face_usable ? 'face' : 'approved', opened: '', expires: fresh.session?.expires ?? null, shift_ends: fresh.session?.shift_ends ?? null };
  }

  private async talk(): Promise<void> {
    try {
      this.dispatch({ type: 'status', status: await this.local.ask('GET', 'status', LocalStatus) });
    } catch (thrown) {
      return this.dispatch({ type: 'door', door: { kind: 'refused', problem: problemOf(thrown) } });
    }
    // The models load while the operator reads; the camera stays off until it is known what is missing.
    const { status } = this.seat;
    if (status && status.models.length > 0) this.eyes.prepare(status.models);
    this.link?.close();
    this.link = openLink({
      url: `${window.location.origin.replace(/^http/, 'ws')}/local/v1/guard`,
      bearer: this.bearer,
      language: currentLanguage,
      handlers: {
        open: () => this.dispatch({ type: 'link', link: 'open' }),
        closed: () => {
          this.enrolled = '';
          this.dispatch({ type: 'link', link: 'closed' });
        },
        ended: (code) => this.dismissed(code),
        message: (message) => this.hear(message),
      },
    });
  }

  private hangUp(): void {
    this.link?.close();
    this.link = null;
  }

  private hear(message: AgentMessage): void {
    switch (message.type) {
      case 'welcome':
        return message.status && this.dispatch({ type: 'status', status: message.status });
      case 'status':
        return this.dispatch({ type: 'status', status: message.status });
      case 'verdict':
        this.dispatch({ type: 'verdict', verdict: message.verdict });
        return this.eyes.heard(message.verdict.interval_ms);
      case 'nonce':
        return this.eyes.nonce(message.nonce);
      case 'capture':
        return void this.handOver(message.incident, message.frame_id ?? 0);
      case 'login':
        this.dispatch({ type: 'login', login: message.login });
        return message.login.step === 'failed' ? this.failed(message.login.problem?.code ?? '') : undefined;
      case 'enrol': {
        const { pose } = message.enrol;
        if (pose !== '' && pose !== this.seat.enrol?.pose) this.link?.send({ type: 'pose', pose });
        return this.dispatch({ type: 'enrol', enrol: message.enrol });
      }
      case 'refused':
        return this.refused(message.problem);
    }
  }

  /** dismissed: another page took over, or this page's bearer is no longer known. */
  private dismissed(code: string): void {
    this.hangUp();
    this.lock?.release();
    this.dispatch({ type: 'link', link: 'closed' });
    this.dispatch({ type: 'door', door: { kind: code === 'local.replaced' ? 'replaced' : 'ticket' } });
  }

  private refused(problem: Problem): void {
    this.dispatch({ type: 'attempt', attempt: 'none' });
    this.dispatch({ type: 'problem', problem });
  }

  // A course that has come due since I was asked who I am stands before the login.
  private failed(code: string): void {
    if (code === 'training.required') this.refresh();
    else this.maybeAgain(code);
  }

  // After a closed screen the login runs until the operator is alone again.
  private maybeAgain(code: string): void {
    clearTimeout(this.again);
    const wait = againMS[code];
    if (wait === undefined) return;
    this.again = setTimeout(() => {
      const { cause, attempt } = this.seat;
      const alone = cause !== null && reentryOf(cause) === 'alone' && performance.now() - this.closedAt < patienceMS;
      if (alone && attempt === 'none') this.dispatch({ type: 'attempt', attempt: 'due' });
    }, wait);
  }

  private async handOver(incident: string, frame_id: number): Promise<void> {
    const [picture, screen] = await Promise.all([this.eyes.picture(frame_id), this.shots.jpeg()]);
    if (picture) await this.link?.sendWith({ type: 'picture', incident, frame_id }, picture);
    if (screen) await this.link?.sendWith({ type: 'screen', incident, frame_id }, screen);
  }

  private readonly onVisibility = (): void => {
    const visible = document.visibilityState === 'visible';
    this.dispatch({ type: 'visible', visible });
  };
}
