import { expect, test } from 'vitest';
import type { Seat } from '../api/views';
import { byAlert, groupOf, tally } from './order';

const seat = (change: Partial<Seat>): Seat => ({
  person: 'p',
  name: '見本 花子',
  device: 'd',
  asset_tag: 'PC-1',
  place: 'home',
  tier: 'B',
  phase: 'live',
  state: 'present',
  since: '2026-11-22T01:00:00Z',
  session: 's',
  class: 'face',
  reason: '',
  reason_text: '',
  ...change,
});

test.each([
  [{}, 'open'],
  [{ state: 'unsure' }, 'watch'],
  [{ state: 'absent' }, 'watch'],
  [{ state: 'onlooker' }, 'alert'],
  [{ state: 'unknown' }, 'watch'], // live, yet nothing is known: somebody should look
  [{ phase: 'closed', state: 'spoof' }, 'alert'],
  [{ phase: 'closed', state: 'lost' }, 'alert'],
  [{ phase: 'closed', state: 'absent' }, 'watch'],
  [{ phase: 'closed', state: 'unknown' }, 'watch'],
  [{ phase: 'quarantine', state: 'unknown' }, 'gate'],
  [{ phase: 'break', state: 'break' }, 'away'],
  [{ phase: 'offline', state: 'present' }, 'off'], // what it was before does not count
] as const)('%j stands with %s', (change, group) => {
  expect(groupOf(seat(change))).toBe(group);
});

test('what needs a person comes first, then who has waited longest', () => {
  const order = byAlert([
    seat({ device: 'off', phase: 'offline', since: null }),
    seat({ device: 'here' }),
    seat({ device: 'new', phase: 'closed', state: 'onlooker', since: '2026-11-22T01:20:00Z' }),
    seat({ device: 'old', phase: 'closed', state: 'spoof', since: '2026-11-22T01:10:00Z' }),
    seat({ device: 'b10', state: 'unsure', asset_tag: 'PC-10' }),
    seat({ device: 'b9', state: 'unsure', asset_tag: 'PC-9' }),
  ]).map((one) => one.device);
  expect(order).toEqual(['old', 'new', 'b9', 'b10', 'here', 'off']);
});

test('each seat is counted once', () => {
  const counts = tally([seat({}), seat({ state: 'absent' }), seat({ phase: 'break' })]);
  expect(counts).toEqual({ alert: 0, watch: 1, gate: 0, open: 1, away: 1, off: 0 });
});
