import { expect, test } from 'vitest';
import { leftOf } from './shift';

test('the last ten minutes of a shift are told, and no others', () => {
  const end = '2026-11-22T09:00:00Z';
  const at = (text: string) => leftOf(end, Date.parse(text));
  expect(at('2026-11-22T08:49:59Z')).toBeNull();
  expect(at('2026-11-22T08:50:00Z')).toBe(600_000);
  expect(at('2026-11-22T08:59:59Z')).toBe(1_000);
  expect(at('2026-11-22T09:00:05Z')).toBe(0);
  expect(leftOf(null, 0)).toBeNull();
});
