import { expect, test } from 'vitest';
import { linesOf } from './lines';

test('one range a line', () => {
  expect(linesOf(' 192.0.2.0/24\r\n\n２００１:db8::/48 \n')).toEqual(['192.0.2.0/24', '2001:db8::/48']);
  expect(linesOf('')).toEqual([]);
});
