import type { Me } from '@sekisho/wire/desk';
import type { LocalProgress, LocalStatus, LocalVerdict } from '@sekisho/wire/local';
import type { Problem } from '@sekisho/wire/problem';
import type { State } from '@sekisho/wire/states';

// The seat is everything the page knows. How it changes is in reduce.ts, what
// follows from it in rules.ts; both are pure.

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
export type Granted = { kind: 'face_enrolment'; approval: string; watched?: Watched } | { kind: 'approved_session'; approval: string; camera: boolean };

/** Watched names the run of a witness by video, to whom the person has agreed. */
export type Watched = { run: string; witness: string };

export type Door = { kind: 'opening' } | { kind: 'ticket' } | { kind: 'replaced' } | { kind: 'refused'; problem: Problem } | { kind: 'open' };

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
  /** anew: the face that the server knows is not on this PC, and is enrolled here again. */
  anew: boolean;
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
  /** withdrawn: the operator took his consent back, and nothing was asked since. */
  withdrawn: boolean;
  /** idle: the camera was on for nothing for a minute, and is off until somebody asks. */
  idle: boolean;
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
  anew: false,
  visible: true,
  status: null,
  me: null,
  verdict: null,
  silent: false,
  camera: { kind: 'off' },
  login: null,
  enrol: null,
  ended: false,
  withdrawn: false,
  idle: false,
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
  | { type: 'anew' }
  | { type: 'login'; login: LocalProgress }
  | { type: 'enrol'; enrol: LocalProgress | null }
  | { type: 'attempt'; attempt: Seat['attempt'] }
  | { type: 'connect' }
  | { type: 'break' }
  | { type: 'resume' }
  | { type: 'end' }
  | { type: 'withdrawn' }
  | { type: 'idle' }
  | { type: 'problem'; problem: Problem | null };
