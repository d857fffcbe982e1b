import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultsOf, isHigh } from './draft';
import { rightTexts } from './rightTexts';

const rights = [
  { right: 'floor.watch', side: 'supervisor' as const },
  { right: 'devices.manage', side: 'administrator' as const },
  { right: 'evidence.fetch', side: 'officer' as const },
];

test('a role needs a name and rights, and never both sides', () => {
  expect(faultsOf({ name: ' 　', rights: [] }, rights)).toEqual(['missing.name', 'missing.right']);
  expect(faultsOf({ name: 'PC係', rights: ['devices.manage', 'evidence.fetch'] }, rights)).toEqual(['mixed']);
  expect(faultsOf({ name: 'PC係', rights: ['devices.manage', 'floor.watch'] }, rights)).toEqual([]);
});

test('rights of administrators and officers need a second administrator', () => {
  expect(isHigh(['floor.watch'], rights)).toBe(false);
  expect(isHigh(['floor.watch', 'evidence.fetch'], rights)).toBe(true);
});

test('every right that the server knows has its sentence, and no other', () => {
  const source = readFileSync('../internal/gate/roles/right.go', 'utf8'); // tests run in web/
  const known = [...source.matchAll(/Right = "([a-z.]+)"/g)].map(([, right]) => right).sort();
  expect(known.length).toBeGreaterThan(20);
  expect(Object.keys(rightTexts.messages).sort()).toEqual(known);
});
