import { expect, test } from 'vitest';
import type { LoanRow } from '../api/loanViews';
import { fits } from './filter';

const loan: LoanRow = {
  id: '1', asset_tag: 'PC-101', model: '見本', place: 'home', person: 'p', person_name: '見本 花子', state: 'issued', since: null, until: '', code_held: false, permit: null, first: false,
};
const permit = { id: '1', where: 'home', from: '2026-11-01', until: '2026-11-30', approver_name: '', state: 'now' } as const;

test('a PC at home counts as permitted only while its permit does', () => {
  expect(fits(loan, 'unpermitted', '')).toBe(true);
  expect(fits({ ...loan, permit }, 'unpermitted', '')).toBe(false);
  expect(fits({ ...loan, permit: { ...permit, state: 'ahead' } }, 'unpermitted', '')).toBe(true);
  expect(fits({ ...loan, place: 'office' }, 'unpermitted', '')).toBe(false);
});

test('what has ended is found under all alone', () => {
  expect(fits({ ...loan, state: 'revoked' }, 'out', '')).toBe(false);
  expect(fits({ ...loan, state: 'revoked' }, 'all', 'ｐｃ－101')).toBe(true);
  expect(fits(loan, 'received', '')).toBe(false);
  expect(fits({ ...loan, code_held: true }, 'received', '花子')).toBe(true);
});
