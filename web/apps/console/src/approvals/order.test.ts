import { expect, test } from 'vitest';
import type { Approval } from '../api/views';
import { bulkFrom, byKind } from './order';

const one = (id: string, kind: Approval['kind'], asked: string, state: Approval['state'] = 'waiting'): Approval => ({
  id, kind, state, asked, person: '', name: '', asked_by: '', device: '', asset_tag: '', note: '', expires: null, video: false,
});
const all = [one('a', 'invitation', '1'), one('b', 'approved_session', '3'), one('c', 'approved_session', '2'), one('d', 'face_enrolment', '0'), one('e', 'approved_session', '1', 'approved')];

test('by kind, then by age', () => {
  expect(byKind(all).map(({ id }) => id)).toEqual(['e', 'c', 'b', 'd', 'a']);
});

test('only sessions that wait are approved together', () => {
  expect(bulkFrom(all).map(({ id }) => id)).toEqual(['c', 'b']);
});
