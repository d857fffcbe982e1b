import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { holds, joined, wordOf } from './template';

test('a template is added once, at the end', () => {
  const text = joined('@id("a") permit (principal, action, resource);\n\n', '@id("b") x\n');
  expect(text).toBe('@id("a") permit (principal, action, resource);\n\n@id("b") x\n');
  expect(holds(text, 'b')).toBe(true);
  expect(holds(text, 'c')).toBe(false);
  expect(joined(' ', 't')).toBe('t');
});

test('every template of the server has words', () => {
  const source = readFileSync('../internal/gate/rules/templates.go', 'utf8'); // tests run in web/
  const ids = [...source.matchAll(/^\t\{"([a-z-]+)", `/gm)].map(([, id]) => id ?? '');
  expect(ids.length).toBeGreaterThan(4);
  expect(ids.filter((id) => wordOf(id) === undefined)).toEqual([]);
});
