import { expect, test } from 'vitest';
import { localTime, momentOf } from './localTime';

test('a moment goes through a field and back', () => {
  const moment = Date.UTC(2026, 10, 22, 1, 5);
  expect(momentOf(localTime(moment))).toBe('2026-11-22T01:05:00.000Z');
});

test('what is no moment is none', () => {
  for (const text of ['', 'soon', '2026-13-40T99:99']) expect(momentOf(text)).toBeNull();
});
