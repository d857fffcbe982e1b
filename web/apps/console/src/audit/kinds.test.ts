import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isKnown } from './kinds';

const internal = join(process.cwd(), '../internal'); // tests run in web/

/** written lists the kinds of events in the server's own source. */
function written(): string[] {
  const kinds = new Set<string>();
  for (const entry of readdirSync(internal, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.go') || entry.name.endsWith('_test.go')) continue;
    const source = readFileSync(join(entry.parentPath, entry.name), 'utf8');
    for (const [, kind] of source.matchAll(/(?:\bKind(?:, [\w.]+)*(?::| =)\s*|deviceEvent\(|\bkind: )"([a-z]+\.[a-z_]+)"/g)) if (kind) kinds.add(kind);
  }
  return [...kinds].sort();
}

test('every kind of event that the server writes has words', () => {
  const kinds = written();
  expect(kinds.length).toBeGreaterThan(40);
  expect(kinds.filter((kind) => !isKnown(kind)), 'name these in kindTexts.ts').toEqual([]);
});
