import { expect, test } from 'vitest';
import { deviceStates } from '../api/views';
import { actsFor, groupsOf, mayHaveCode } from './course';

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
