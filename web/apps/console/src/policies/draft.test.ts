import { describe, expect, test } from 'vitest';
import { draftOf, emptyDraft, faultsOf, policyOf, type Draft } from './draft';

const draft = (change: Partial<Draft>): Draft => ({ ...emptyDraft, name: 'night', ...change });

test('a new policy begins strict and is valid', () => {
  expect(faultsOf(draft({}), ['home', 'office'])).toEqual([]);
  expect(policyOf(draft({}))).toEqual({
    name: 'night',
    version: 0,
    place: 'home',
    onlooker: true,
    absent_ms: 10000,
    reentry: 'strict',
    lock_os: true,
    allow_software: false,
    confirm_every_s: 60,
  });
});

describe('times', () => {
  test.each(['5', '30', '7.5', '１０'])('absent %s is taken', (absent) => expect(faultsOf(draft({ absent }), [])).toEqual([]));
  test.each(['4.9', '31', '', 'x', '-10', '1e1', '10s'])('absent %s is refused', (absent) => expect(faultsOf(draft({ absent }), [])).toEqual(['fault.absent']));
  test.each(['0', '15', '300'])('confirm %s is taken', (confirm) => expect(faultsOf(draft({ confirm }), [])).toEqual([]));
  test.each(['14', '301', '60.5', ''])('confirm %s is refused', (confirm) => expect(faultsOf(draft({ confirm }), [])).toEqual(['fault.confirm']));
});

test('names', () => {
  for (const name of ['', 'Night', '1x', 'あ', 'a_b', 'a'.repeat(33)]) expect(faultsOf(draft({ name }), [])).toEqual(['fault.name']);
  expect(faultsOf(draft({ name: 'home' }), ['home'])).toEqual(['fault.taken']);
  expect(faultsOf(draft({ name: 'home', version: 3 }), ['home'])).toEqual([]);
});

test('at home nobody switches the guard against onlookers off', () => {
  expect(policyOf(draft({ place: 'home', onlooker: false })).onlooker).toBe(true);
  expect(policyOf(draft({ place: 'office', onlooker: false })).onlooker).toBe(false);
});

test('what comes in goes out the same', () => {
  const policy = { ...policyOf(draft({})), version: 4, absent_ms: 7500 };
  expect(policyOf(draftOf(policy))).toEqual(policy);
});
