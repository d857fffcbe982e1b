import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checks, draftOf, faultsOf, isFaulty, rulesOf, type Draft } from './draft';
import { postureTexts } from './texts';

const draft = (change: Partial<Draft> = {}): Draft => ({
  policy: 'home',
  version: 1,
  rules: checks.map((check) => ({ check, level: 'off', on: ['windows'], limit: check === 'os_age' ? '120' : check === 'screen_lock' ? '６００' : '0' })),
  agent: '',
  places: [],
  ...change,
});
const source = (file: string) => readFileSync(join(process.cwd(), '../internal/wire', file), 'utf8'); // tests run in web/

test('the checks are the server’s, in its order, by its names', () => {
  const list = /PostureChecks = \[\]string\{([^}]*)\}/.exec(source('posture.go'))?.[1] ?? '';
  expect([...list.matchAll(/"(\w+)"/g)].map((found) => found[1])).toEqual([...checks]);
  for (const [, check, ja, en] of source('texts_posture.go').matchAll(/"(\w+)":\s*\{Pair\{"([^"]+)", "([^"]+)"\}/g)) {
    expect(postureTexts.messages[`check.${check}` as 'check.place']).toEqual({ ja, en });
  }
});

test('what comes in goes out the same', () => {
  const rules = rulesOf(draft({ agent: '1.2.0', places: [{ key: 0, name: '本社', routers: '10:6f:3f:01:02:03', around: '34:76:c5:aa:bb:01\n' }] }));
  expect(rules.rules.find((one) => one.check === 'screen_lock')?.limit).toBe(600);
  expect(rulesOf(draftOf(rules))).toEqual(rules);
});

test('numbers', () => {
  expect(isFaulty(faultsOf(draft()))).toBe(false);
  const limit = (check: string, typed: string) => faultsOf(draft({ rules: draft().rules.map((one) => (one.check === check ? { ...one, limit: typed } : one)) })).limit[check];
  for (const typed of ['6', '731', '', 'x', '1.5', '-7']) expect(limit('os_age', typed)).toBe('fault.days');
  for (const typed of ['29', '3601', '']) expect(limit('screen_lock', typed)).toBe('fault.seconds');
  for (const typed of ['7', '730']) expect(limit('os_age', typed)).toBeUndefined();
});

test('the agent’s version is needed where it is asked for', () => {
  const asked = draft().rules.map((one) => (one.check === 'agent_version' ? { ...one, level: 'warn' as const } : one));
  expect(faultsOf(draft({ rules: asked })).agent).toBe('fault.agent');
  expect(faultsOf(draft({ rules: asked, agent: '1.2' })).agent).toBeNull();
  expect(faultsOf(draft({ agent: 'new' })).agent).toBe('fault.agent');
});

test('places', () => {
  const place = (routers: string, around: string, name = '本社') => faultsOf(draft({ places: [{ key: 4, name, routers, around }] })).places[4];
  expect(place('10-6F-3F-01-02-03\n', '')).toBeUndefined();
  expect(place('', '')).toEqual({ routers: 'fault.place.routers' });
  expect(place('192.168.0.1', '')).toEqual({ routers: 'fault.place.routers' });
  expect(place('10:6f:3f:01:02:03', 'here')).toEqual({ around: 'fault.place.around' });
  expect(place('10:6f:3f:01:02:03', '', ' ')).toEqual({ name: 'fault.place.name' });
});
