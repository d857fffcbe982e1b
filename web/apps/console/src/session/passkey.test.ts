import { expect, test } from 'vitest';
import { failureOf, publicKeyOf } from './passkey';

test('options come bare or inside publicKey', () => {
  expect(publicKeyOf({ challenge: 'x' })).toEqual({ challenge: 'x' });
  expect(publicKeyOf({ publicKey: { challenge: 'x' }, mediation: 'required' })).toEqual({ challenge: 'x' });
  expect(() => publicKeyOf('x')).toThrow();
});

test('the browser’s reasons', () => {
  const named = (name: string) => Object.assign(new Error('x'), { name });
  expect(failureOf(named('NotAllowedError'))).toBe('cancelled');
  expect(failureOf(named('AbortError'))).toBe('cancelled');
  expect(failureOf(named('InvalidStateError'))).toBe('known');
  expect(failureOf(named('SecurityError'))).toBe('origin');
  expect(failureOf('something')).toBe('cancelled');
});
