import { expect, test } from 'vitest';
import { emptyDraft, faultsOf, todayInJapan } from './draft';

test('the day is Japan’s', () => {
  expect(todayInJapan(new Date('2026-11-30T15:00:00Z'))).toBe('2026-12-01');
  expect(todayInJapan(new Date('2026-11-30T14:59:59Z'))).toBe('2026-11-30');
});

test('a report begins with the month so far and asks for an addressee', () => {
  const draft = emptyDraft('2026-11-22');
  expect(draft).toEqual({ addressee: '', from: '2026-11-01', to: '2026-11-22', language: 'ja', format: 'pdf' });
  expect(faultsOf(draft)).toEqual(['missing.to']);
  expect(faultsOf({ ...draft, addressee: ' 例示商事 ' })).toEqual([]);
  expect(faultsOf({ ...draft, addressee: 'x', to: '2026-10-31' })).toEqual(['backwards']);
  expect(faultsOf({ addressee: '', from: '', to: '', language: 'en', format: 'html' })).toEqual(['missing.to', 'missing.from', 'missing.until']);
});
