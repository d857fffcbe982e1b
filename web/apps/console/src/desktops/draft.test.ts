import { expect, test } from 'vitest';
import { draftOf, emptyDraft, faultsOf, isTouched, sent } from './draft';

const draft = { ...emptyDraft, name: '受注', host: 'vdi-01.example.jp' };

test('targets that the server could dial', () => {
  for (const host of ['vdi', 'vdi-01.example.jp', '192.0.2.1', '2001:db8::1', 'ｖｄｉ']) expect(faultsOf({ ...draft, host })).toEqual([]);
  for (const host of ['', 'a b', 'http://vdi', '-vdi', 'vdi-', 'vdi/..', 'a@b', 'x'.repeat(254)]) expect(faultsOf({ ...draft, host })).toEqual(['missing.host']);
  for (const port of ['0', '65536', '', 'x', '59.5']) expect(faultsOf({ ...draft, port })).toEqual(['missing.port']);
});

test('the secret goes only when one was typed, and exactly as typed', () => {
  expect(sent(draft)).not.toHaveProperty('secret');
  expect(sent({ ...draft, secret: ' Ａa1 ' }).secret).toBe(' Ａa1 ');
});

test('the level goes by itself, and what was not touched does not go again', () => {
  const desktop = { id: 'x', name: '受注', host: 'vdi', port: 5900, level: 'full' as const, has_secret: true, people: [] };
  expect(sent({ ...draft, level: 'none' })).not.toHaveProperty('level');
  expect(isTouched({ ...draftOf(desktop), level: 'none' }, desktop)).toBe(false);
  for (const change of [{ name: '受注2' }, { host: 'crm' }, { port: '5901' }, { secret: 'x' }]) expect(isTouched({ ...draftOf(desktop), ...change }, desktop)).toBe(true);
});
