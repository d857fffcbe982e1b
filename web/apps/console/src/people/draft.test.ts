import { expect, test } from 'vitest';
import { emptyDraft, faultsOf, folded } from './draft';

test('what is missing is named in the order of the form', () => {
  expect(faultsOf({ ...emptyDraft, roles: [] })).toEqual(['missing.name', 'missing.login', 'missing.role']);
  expect(faultsOf({ ...emptyDraft, name: '　', login: 'a b' })).toEqual(['missing.name', 'missing.login']);
  expect(faultsOf({ ...emptyDraft, name: '見本 花子', login: 'ＯＰ－００１' })).toEqual([]);
});

test('widths are folded before anything is sent', () => {
  expect(folded({ ...emptyDraft, name: ' 見本　花子 ', login: 'ＯＰ－００１' })).toMatchObject({ name: '見本 花子', login: 'OP-001' });
});
