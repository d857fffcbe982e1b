import { expect, test } from 'vitest';
import { faultsOf, today } from './draft';

const whole = { work: 'w', person: 'p', from: '2026-11-01', until: '', subcontracted: false };

test('what an assignment needs', () => {
  expect(faultsOf(whole)).toEqual([]);
  expect(faultsOf({ ...whole, until: '2026-11-01' })).toEqual([]);
  expect(faultsOf({ ...whole, until: '2026-10-31' })).toEqual(['missing.until']);
  expect(faultsOf({ work: '', person: '', from: '1 Nov', until: 'soon', subcontracted: true })).toEqual(['missing.work', 'missing.person', 'missing.from', 'missing.until']);
});

test('today is a day in Japan', () => {
  expect(today(new Date('2026-11-01T14:59:59Z'))).toBe('2026-11-01');
  expect(today(new Date('2026-11-01T15:00:00Z'))).toBe('2026-11-02');
});
