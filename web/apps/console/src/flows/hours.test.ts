import { expect, test } from 'vitest';
import { readDates, readSpans, spansText } from './hours';

test('hours are read as people write them, and written again', () => {
  expect(readSpans('９：００〜１２：００、13:00 - 18:00')).toEqual([{ from: 540, to: 720 }, { from: 780, to: 1080 }]);
  expect(spansText([{ from: 540, to: 720 }, { from: 1320, to: 1440 }])).toBe('9:00-12:00, 22:00-24:00');
  expect(readSpans('')).toEqual([]);
});

test('what is no time is refused', () => {
  for (const wrong of ['9-18', '9:60-10:00', '24:00-25:00', '9:00-9:00', Array(7).fill('9:00-10:00').join(',')]) expect(readSpans(wrong)).toBeUndefined();
  expect(readDates('2026-12-30 9:00-15:00\n')).toEqual([{ day: '2026-12-30', spans: [{ from: 540, to: 900 }] }]);
  expect(readDates('12/30 9:00-15:00')).toBeUndefined();
});
