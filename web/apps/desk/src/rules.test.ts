import { describe, expect, test } from 'vitest';
import { states } from '@sekisho/wire/states';
import { phases } from '@sekisho/wire/local';
import { after, me, opened, quarantined, status, stream, verdict, working } from './fixtures';
import { cameraLingers, cameraWanted, faceLost, featuresWanted, loginDue, opennessOf, reentryOf, resumeDue, stepOf, viewOf } from './rules';
import { emptySeat, type Seat, type SeatEvent } from './seat';

describe('what opens the desktop', () => {
  test('a seat of which nothing is known shows nothing', () => {
    expect(opennessOf(emptySeat)).toBe('closed');
    expect(viewOf(emptySeat).view).toBe('opening');
  });

  test('the whole way opens it', () => {
    expect(opennessOf(working())).toBe('open');
    expect(viewOf(working()).view).toBe('work');
  });

  // Each of these alone must close it: that is the rule that guards the work.
  const breaks: [string, Partial<Seat>][] = [
    ['no bearer', { door: { kind: 'ticket' } }],
    ['another tab', { lock: 'elsewhere' }],
    ['lock not held yet', { lock: 'asking' }],
    ['socket broken', { link: 'closed' }],
    ['socket opening', { link: 'opening' }],
    ['no intent', { intent: false }],
    ['work ended', { ended: true }],
    ['on break', { resting: true }],
    ['page hidden', { visible: false }],
    ['agent silent', { silent: true }],
    ['no status', { status: null }],
    ['no verdict', { verdict: null }],
    ['camera failed', { camera: { kind: 'failed', why: 'lost' } }],
    ['black verdict', { verdict: { ...verdict, screen: 'black' } }],
  ];
  test.each(breaks)('%s closes it', (_, change) => {
    expect(opennessOf({ ...working(), ...change })).toBe('closed');
    expect(viewOf({ ...working(), ...change }).view).not.toBe('work');
  });

  test.each(phases.filter((p) => p !== 'live'))('phase %s closes it', (phase) => {
    expect(opennessOf({ ...working(), status: { ...status, phase } })).toBe('closed');
  });

  test('a dim verdict dims and nothing more', () => {
    expect(opennessOf(after(working(), { type: 'verdict', verdict: { ...verdict, state: 'absent', screen: 'dim', countdown: 3 } }))).toBe('dim');
  });
});

describe('why it closed', () => {
  const causes: [string, SeatEvent, object][] = [
    ...states.map((state): [string, SeatEvent, object] => [`verdict ${state}`, { type: 'verdict', verdict: { ...verdict, state, screen: 'black' } }, { kind: 'state', state }]),
    ['hidden', { type: 'visible', visible: false }, { kind: 'hidden' }],
    ['socket', { type: 'link', link: 'closed' }, { kind: 'agent' }],
    ['silence', { type: 'silent' }, { kind: 'silent' }],
    ['camera', { type: 'camera', camera: { kind: 'failed', why: 'lost' } }, { kind: 'camera', why: 'lost' }],
    ['status first', { type: 'status', status: { ...status, phase: 'black', state: 'spoof' } }, { kind: 'state', state: 'spoof' }],
  ];
  test.each(causes)('%s', (_, event, cause) => {
    const seat = after(working(), event);
    expect(seat.cause).toEqual(cause);
    expect(viewOf(seat)).toEqual({ view: 'black', cause });
  });

  test('the server’s word is kept', () => {
    const seat = after(working(), { type: 'status', status: { ...status, phase: 'quarantine', code: 'session.closed', title: 'ended', action: 'call' } });
    expect(seat.cause).toMatchObject({ kind: 'server', problem: { code: 'session.closed', title: 'ended', action: 'call' } });
  });

  test('a lost line is told as such, whatever code comes with it, and is waited for', () => {
    const lost = after(working(), { type: 'status', status: { ...status, phase: 'black', connection: 'c', state: 'lost', code: 'lease.expired', title: 't', action: 'a' } });
    expect(lost.cause).toEqual({ kind: 'state', state: 'lost' });
    const again = after(lost, { type: 'status', status: { ...status, phase: 'connecting' } });
    expect(viewOf(again)).toEqual({ view: 'black', cause: { kind: 'state', state: 'lost' } });
    const back = after(again, { type: 'status', status: { ...status, phase: 'quarantine', connection: 'c2' } });
    expect(back.me).toBeNull(); // another connection: asked anew
    const known = after(back, { type: 'me', me }, { type: 'camera', camera: { kind: 'on', stream } });
    expect(loginDue(known)).toBe(true);
  });

  test('what comes after does not change the reason', () => {
    const seat = after(
      working(),
      { type: 'verdict', verdict: { ...verdict, state: 'onlooker', screen: 'black' } },
      { type: 'status', status: { ...status, phase: 'black', state: 'onlooker' } },
      { type: 'verdict', verdict: { ...verdict, state: 'absent', screen: 'black' } },
    );
    expect(seat.cause).toEqual({ kind: 'state', state: 'onlooker' });
  });

  test('break and the end are no closing for cause', () => {
    expect(after(working(), { type: 'break' }).cause).toBeNull();
    expect(viewOf(after(working(), { type: 'break' })).view).toBe('break');
    expect(after(working(), { type: 'end' }).cause).toBeNull();
    expect(viewOf(after(working(), { type: 'end' })).view).toBe('start');
  });
});

describe('coming back', () => {
  test('a verdict of the last session opens nothing of the next', () => {
    const seat = after(working(), { type: 'status', status: { ...status, phase: 'quarantine' } }, { type: 'status', status: { ...status, phase: 'live', session: 's2' } });
    expect(opennessOf(seat)).toBe('closed');
    expect(opennessOf(after(seat, { type: 'verdict', verdict }))).toBe('open');
  });

  test('a verdict from before the page was hidden opens nothing after it', () => {
    const seat = after(working(), { type: 'visible', visible: false }, { type: 'visible', visible: true });
    expect(opennessOf(seat)).toBe('closed');
  });

  test('an onlooker comes back by itself, another person by a press', () => {
    const gone = (state: 'onlooker' | 'other') =>
      after(working(), { type: 'verdict', verdict: { ...verdict, state, screen: 'black' } }, { type: 'status', status: { ...status, phase: 'black', state } });
    expect(loginDue(gone('onlooker'))).toBe(true);
    expect(loginDue(gone('other'))).toBe(false);
    expect(loginDue(after(gone('other'), { type: 'attempt', attempt: 'due' }))).toBe(true);
  });

  test.each([
    ['onlooker', 'alone'],
    ['absent', 'alone'],
    ['unsure', 'alone'],
    ['lost', 'alone'],
    ['other', 'press'],
    ['spoof', 'press'],
    ['covered', 'press'],
    ['unknown', 'press'],
  ] as const)('%s: %s', (state, how) => {
    expect(reentryOf({ kind: 'state', state })).toBe(how);
  });

  test('opening clears the reason and the attempt', () => {
    const seat = after(
      working(),
      { type: 'visible', visible: false },
      { type: 'visible', visible: true },
      { type: 'verdict', verdict },
    );
    expect(seat.cause).toBeNull();
    expect(seat.attempt).toBe('none');
  });

  test('a failed login waits', () => {
    const seat = after(quarantined(), { type: 'camera', camera: { kind: 'on', stream } }, { type: 'attempt', attempt: 'running' }, {
      type: 'login',
      login: { step: 'failed', good: 0, needed: 5, pose: '', hint: '', challenge: '', problem: null },
    });
    expect(loginDue(seat)).toBe(false);
    expect(loginDue(after(seat, { type: 'attempt', attempt: 'due' }))).toBe(true);
  });

  test('a login that a broken socket cut short is due again', () => {
    const seat = after(quarantined(), { type: 'camera', camera: { kind: 'on', stream } }, { type: 'attempt', attempt: 'running' }, { type: 'link', link: 'closed' });
    expect(seat.attempt).toBe('due');
    expect(loginDue(seat)).toBe(false);
    expect(loginDue(after(seat, { type: 'link', link: 'open' }))).toBe(true);
  });
});

describe('steps', () => {
  const lacks = (missing: string[], faceUsable = true) => after(quarantined(), { type: 'me', me: { ...me, missing, person: { ...me.person, face_usable: faceUsable } } });
  test.each([
    [['consent', 'face'], true, 'consent'],
    [['face'], true, 'face'],
    [[], true, 'login'],
    [[], false, 'approval'],
  ] as const)('missing %j, face usable %s: %s', (missing, usable, step) => {
    expect(stepOf(lacks([...missing], usable))).toBe(step);
  });

  test('who refused consent may go by approval', () => {
    expect(stepOf(after(lacks(['consent', 'face']), { type: 'byApproval' }))).toBe('approval');
  });

  test('a face that is not on this PC is enrolled again, once', () => {
    const anew = after(quarantined(), { type: 'anew' });
    expect(stepOf(anew)).toBe('face');
    expect(stepOf(after(anew, { type: 'me', me: { ...me, missing: ['consent'] } }))).toBe('consent');
    expect(stepOf(after(anew, { type: 'enrol', enrol: { step: 'done', good: 5, needed: 5, pose: '', hint: '', challenge: '', problem: null } }, { type: 'me', me }))).toBe('login');
    expect(stepOf(after(anew, { type: 'connect' }, { type: 'me', me }))).toBe('login');
    const of = (code: string) => ({ type: '', status: 403, code, title: '', action: '' });
    expect(['vigil.not_enrolled', 'face.template_swapped', 'camera.not_enrolled'].map((code) => faceLost(of(code)))).toEqual([true, true, true]);
    expect([null, of('vigil.login_timeout'), of('consent.required')].map(faceLost)).toEqual([false, false, false]);
  });

  test('before 接続 there is only the button, whatever the agent’s phase', () => {
    const seat = after(emptySeat, ...opened, { type: 'status', status: { ...status, phase: 'quarantine' } });
    expect(viewOf(seat).view).toBe('start');
    expect(loginDue({ ...seat, attempt: 'due' })).toBe(false);
  });

  test('再開 is intent enough, in a page that was opened during the break too', () => {
    const resting = after(emptySeat, ...opened, { type: 'status', status: { ...status, phase: 'break', connection: 'c' } });
    expect(viewOf(resting).view).toBe('break');
    const back = after(resting, { type: 'resume' }, { type: 'status', status: { ...status, phase: 'quarantine', connection: 'c' } }, { type: 'me', me }, { type: 'camera', camera: { kind: 'on', stream } });
    expect(loginDue(back)).toBe(true);
  });

  test('a press of 再開 before the socket is open is told once it is', () => {
    const early = after(emptySeat, { type: 'door', door: { kind: 'open' } }, { type: 'lock', lock: 'held' }, { type: 'status', status: { ...status, phase: 'break', connection: 'c' } }, { type: 'resume' });
    expect(resumeDue(early)).toBe(false);
    expect(resumeDue(after(early, { type: 'link', link: 'open' }))).toBe(true);
    expect(resumeDue(after(working(), { type: 'break' }, { type: 'status', status: { ...status, phase: 'break', connection: 'c' } }))).toBe(false);
    const late = after(emptySeat, ...opened, { type: 'status', status: { ...status, phase: 'break', connection: 'c' } });
    expect(resumeDue(late)).toBe(false); // a page that came during a break has pressed nothing
  });

  test('a connection that fails leads back to the button', () => {
    const seat = after(emptySeat, ...opened, { type: 'connect' }, { type: 'status', status: { ...status, phase: 'connecting' } }, { type: 'status', status: { ...status, code: 'server.unreachable' } });
    expect(seat.intent).toBe(false);
    expect(viewOf(seat).view).toBe('start');
  });

  test('a status that a newer one has overtaken is left aside', () => {
    const ended = after(working(), { type: 'end' }, { type: 'status', status: { ...status, seq: 7 } });
    const pressed = after(ended, { type: 'connect' }, { type: 'status', status: { ...status, phase: 'live', connection: 'c', session: 's', seq: 6 } });
    expect(pressed.asked).toBe(true);
    expect(viewOf(pressed).view).toBe('connecting');
    expect(after(pressed, { type: 'status', status: { ...status, phase: 'connecting', seq: 8 } }).status?.phase).toBe('connecting');
  });

  test('another connection leaves behind what stood in the way of the last one', () => {
    const problem = { type: '', status: 409, code: 'connection.closed', title: 't', action: 'a' };
    const seat = after(quarantined(), { type: 'problem', problem }, { type: 'status', status: { ...status, phase: 'quarantine', connection: 'd' } });
    expect(seat.problem).toBeNull();
    expect(seat.me).toBeNull();
  });

  test('enrolment that is done asks anew what is missing', () => {
    const seat = after(lacks(['face']), { type: 'granted', granted: { kind: 'face_enrolment', approval: 'a' } }, {
      type: 'enrol',
      enrol: { step: 'done', good: 5, needed: 5, pose: '', hint: '', challenge: '', problem: null },
    });
    expect(seat.me).toBeNull();
    expect(seat.granted).toBeNull();
    expect(seat.attempt).toBe('due');
  });
});

describe('the camera is on only for what it is for', () => {
  test.each([
    ['before 接続', after(emptySeat, ...opened), false],
    ['before consent', after(quarantined(), { type: 'me', me: { ...me, missing: ['consent', 'face'] } }), false],
    ['before the witness', after(quarantined(), { type: 'me', me: { ...me, missing: ['face'] } }), false],
    ['with the witness', after(quarantined(), { type: 'me', me: { ...me, missing: ['face'] } }, { type: 'granted', granted: { kind: 'face_enrolment', approval: 'a' } }), true],
    ['at login', quarantined(), true],
    ['at work', working(), true],
    ['on break', after(working(), { type: 'break' }), false],
    ['after the end', after(working(), { type: 'end' }), false],
    ['in another tab', after(working(), { type: 'lock', lock: 'elsewhere' }), false],
    ['approved without a camera', after(quarantined(), { type: 'byApproval' }, { type: 'granted', granted: { kind: 'approved_session', approval: 'a', camera: false } }), false],
    ['approved with a camera', after(quarantined(), { type: 'byApproval' }, { type: 'granted', granted: { kind: 'approved_session', approval: 'a', camera: true } }), true],
  ] as const)('%s', (_, seat, wanted) => {
    expect(cameraWanted(seat)).toBe(wanted);
  });
});

describe('the camera goes out when nothing comes of it', () => {
  const on = { type: 'camera', camera: { kind: 'on', stream } } as const;
  const failed = after(quarantined(), on, { type: 'attempt', attempt: 'running' }, {
    type: 'login',
    login: { step: 'failed', good: 0, needed: 5, pose: '', hint: '', challenge: '', problem: null },
  });
  const black = (state: 'onlooker' | 'other') =>
    after(working(), { type: 'verdict', verdict: { ...verdict, state, screen: 'black' } }, { type: 'status', status: { ...status, phase: 'black', state } });

  test.each([
    ['a login that runs', after(quarantined(), on), false],
    ['a login that failed', failed, true],
    ['a closed screen that waits for its operator', black('onlooker'), false],
    ['a closed screen that waits for a press', black('other'), true],
    ['a closed screen that nobody looks at', after(black('onlooker'), { type: 'visible', visible: false }), true],
    ['a closed screen without the agent', after(black('onlooker'), { type: 'link', link: 'closed' }), true],
    ['work', working(), false],
  ] as const)('%s lingers: %j', (_, seat, lingers) => {
    expect(cameraLingers(seat)).toBe(lingers);
    expect(cameraWanted(seat)).toBe(true);
    expect(cameraWanted(after(seat, { type: 'idle' }))).toBe(!lingers);
  });

  test('a press puts it on again, and so does the next work', () => {
    const out = after(failed, { type: 'idle' });
    expect(cameraWanted(out)).toBe(false);
    expect(cameraWanted(after(out, { type: 'attempt', attempt: 'due' }))).toBe(true);
    expect(cameraWanted(after(out, { type: 'status', status: { ...status, phase: 'live', session: 's' } }))).toBe(true);
  });
});

describe('features are measured with consent, for a face, and for nothing else', () => {
  const of = (change: Partial<typeof me.person>, missing: string[] = []) =>
    after(quarantined(), { type: 'me', me: { ...me, missing, person: { ...me.person, ...change } } });
  test.each([
    ['before it is known who sits there', after(emptySeat, ...opened), false],
    ['at login', of({}), true],
    ['at enrolment', of({}, ['face']), true],
    ['at work', working(), true],
    ['without consent', of({ consented: false }), false],
    ['consent missing', of({ consented: false }, ['consent', 'face']), false],
    ['a face that cannot be used', of({ face_usable: false }), false],
    ['by approval', after(of({}), { type: 'byApproval' }), false],
  ] as const)('%s: %j', (_, seat, wanted) => {
    expect(featuresWanted(seat)).toBe(wanted);
  });
});

describe('consent taken back', () => {
  const gone = after(working(), { type: 'withdrawn' });
  const without = { ...me, missing: ['consent', 'face'], person: { ...me.person, consented: false } };

  test('closes at once, whatever the agent still says', () => {
    expect(opennessOf(gone)).toBe('closed');
    expect(opennessOf(after(gone, { type: 'verdict', verdict }, { type: 'status', status: { ...status, phase: 'live' } }))).toBe('closed');
    expect(cameraWanted(gone)).toBe(false);
    expect(featuresWanted(gone)).toBe(false);
  });

  test('leads to the words that say so, not to a reason for a closed screen', () => {
    const told = after(gone, { type: 'status', status: { ...status, phase: 'black', code: 'consent.withdrawn', title: 't' } }, { type: 'me', me: without });
    expect(viewOf(told)).toEqual({ view: 'step', step: 'consent' });
    expect(told.withdrawn).toBe(true);
    expect(after(told, { type: 'byApproval' }).withdrawn).toBe(false);
    expect(after(told, { type: 'me', me }).withdrawn).toBe(false);
  });

  test('and given again leads through a new enrolment to the login by itself', () => {
    const progress = { step: 'done', good: 5, needed: 5, pose: '', hint: '', challenge: '', problem: null } as const;
    const again = after(gone, { type: 'me', me: { ...without, missing: ['face'] } }, { type: 'granted', granted: { kind: 'face_enrolment', approval: 'a' } },
      { type: 'camera', camera: { kind: 'on', stream } }, { type: 'enrol', enrol: progress }, { type: 'status', status: { ...status, phase: 'quarantine', connection: 'c' } }, { type: 'me', me });
    expect(stepOf(again)).toBe('login');
    expect(loginDue(again)).toBe(true);
  });
});

test('an approved session without a camera logs in at once, and not twice with one approval', () => {
  const granted = after(quarantined(), { type: 'byApproval' }, { type: 'granted', granted: { kind: 'approved_session', approval: 'a', camera: false } });
  expect(loginDue(granted)).toBe(true);
  const closed = after(granted, { type: 'status', status: { ...status, phase: 'live', session: 's' } }, { type: 'verdict', verdict }, {
    type: 'verdict',
    verdict: { ...verdict, state: 'absent', screen: 'black' },
  });
  expect(closed.granted).toBeNull();
  expect(closed.attempt).toBe('none');
});
