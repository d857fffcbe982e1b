import type { Me } from '@sekisho/wire/desk';
import type { LocalStatus, LocalVerdict } from '@sekisho/wire/local';
import { reduce } from './reduce';
import { emptySeat, type Seat, type SeatEvent } from './seat';

// Made-up seats for tests. Nothing here is shipped: no screen imports it.

export const status: LocalStatus = {
  phase: 'ready', code: '', title: '', action: '', asset_tag: 'PC-1', fingerprint: '', server: 's', tier: 'B', connection: '', session: '',
  engine: 'standard', state: 'unknown', since_ms: 0, person: '', version: '1', models: [], seq: 0, again: false, shared: false,
};

export const verdict: LocalVerdict = { state: 'present', since_ms: 0, frame_id: 1, screen: 'open', countdown: 0, interval_ms: 160, hint: '' };

export const me: Me = {
  connection: 'c',
  device: { id: 'd', asset_tag: 'PC-1', tier: 'B', place: 'home' },
  person: { id: 'p', name: '見本', consented: true, lapsed: false, face_usable: true, commitment: 'x', model: 'm', console: false },
  missing: [],
  session: null,
  policy: { name: 'home', version: 1, place: 'home', onlooker: true, absent_ms: 8000, reentry: 'standard', lock_os: false, allow_software: false, confirm_every_s: 300 },
  demo: false,
  training: { open: 0, due: null },
};

export const stream = {} as MediaStream;

export function after(seat: Seat, ...events: SeatEvent[]): Seat {
  return events.reduce(reduce, seat);
}

export const opened: SeatEvent[] = [
  { type: 'door', door: { kind: 'open' } },
  { type: 'lock', lock: 'held' },
  { type: 'status', status },
  { type: 'link', link: 'open' },
];

export const toQuarantine: SeatEvent[] = [
  ...opened,
  { type: 'connect' },
  { type: 'status', status: { ...status, phase: 'connecting' } },
  { type: 'status', status: { ...status, phase: 'quarantine', connection: 'c' } },
  { type: 'me', me },
];

export const toWork: SeatEvent[] = [
  ...toQuarantine,
  { type: 'camera', camera: { kind: 'on', stream } },
  { type: 'attempt', attempt: 'running' },
  { type: 'status', status: { ...status, phase: 'live', connection: 'c', session: 's' } },
  { type: 'verdict', verdict },
];

export const quarantined = () => after(emptySeat, ...toQuarantine);
export const working = () => after(emptySeat, ...toWork);
