import { expect, test } from 'vitest';
import { deviceStates, type Device } from '../api/views';
import { actsFor, fits, groupsOf, mayHaveCode } from './course';

test('a PC that is gone for good has no way back', () => {
  expect(actsFor('revoked')).toEqual([]);
  expect(actsFor('returned')).toEqual(['revoke']);
  expect(deviceStates.filter(mayHaveCode)).toEqual(['registered', 'pending', 'issued']);
});

test('a fingerprint is shown in the groups of the PC’s own screen', () => {
  expect(groupsOf('7f3a-91c2-0d5e-b846-2a17')).toEqual(['7f3a', '91c2', '0d5e', 'b846', '2a17']);
  expect(groupsOf('7f3a91c20d5e')).toEqual(['7f3a', '91c2', '0d5e']);
  expect(groupsOf('')).toEqual([]);
});

test('the filter folds widths and letters', () => {
  const device = { asset_tag: 'PC-101', model: '', person_name: '見本 花子', hostname: 'mihon', state: 'issued' } as Device;
  expect(fits(device, '', 'ｐｃ－１０１')).toBe(true);
  expect(fits(device, '', '花子')).toBe(true);
  expect(fits(device, 'revoked', '花子')).toBe(false);
  expect(fits(device, '', '太郎')).toBe(false);
});
