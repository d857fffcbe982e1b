import { expect, test } from 'vitest';
import type { AuditRow } from '../api/views';
import { bySession, nameOf, short } from './group';

const row = (seq: number, session: string) => ({ seq, session }) as AuditRow;

test('the rows of a session stand together where its newest row stands', () => {
  const bundles = bySession([row(9, 'a'), row(8, ''), row(7, 'b'), row(6, 'a'), row(5, ''), row(4, 'b')]);
  expect(bundles.map((bundle) => [bundle.session, bundle.rows.map((one) => one.seq)])).toEqual([
    ['a', [9, 6]],
    ['', [8]],
    ['b', [7, 4]],
    ['', [5]],
  ]);
});

test('nothing gives nothing', () => expect(bySession([])).toEqual([]));

test('an id without a name is shown by its end', () => {
  expect(nameOf('x', { x: '見本 花子' })).toBe('見本 花子');
  expect(short('0198f000-0004-7000-8000-00000000002a')).toBe('…0000002a');
  expect(short('home')).toBe('home');
});
