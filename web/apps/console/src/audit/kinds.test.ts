import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isNamed } from './details';
import { loginTexts } from './kindTexts';
import { isKnown, loginOf } from './kinds';
import { isObject } from './RowTable';

const internal = join(process.cwd(), '../internal'); // tests run in web/

const sources = readdirSync(internal, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.go') && !entry.name.endsWith('_test.go'))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));

/** written lists what a pattern's group finds in the server's own source. */
function written(pattern: RegExp): string[] {
  return [...new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, found]) => found ?? '')))].sort();
}

test('every kind of event that the server writes has words', () => {
  const kinds = written(/(?:\bKind(?:, [\w.]+)*(?::| =)\s*|deviceEvent\(|\bkind: )"([a-z]+\.[a-z_]+)"/g);
  expect(kinds.length).toBeGreaterThan(40);
  expect(kinds.filter((kind) => !isKnown(kind)), 'name these in kindTexts.ts').toEqual([]);
});

test('every type of object has words', () => {
  const types = written(/\bObject\{Type: "(\w+)"/g);
  expect(types.length).toBeGreaterThan(10);
  expect(types.filter((type) => !isObject(type)), 'name these in texts.ts').toEqual([]);
});

test('every name in the detail of a row has words', () => {
  const names = written(/(?:Detail|Personal|detail)(?::|\s*:?=)\s*(?:map\[string\]string|audit\.Personal)\{([^}]*)\}/g).flatMap((block) => [...block.matchAll(/"(\w+)":/g)].map(([, name]) => name ?? ''));
  names.push(...written(/\bPersonal\{"(\w+)"/g), ...written(/\b[dD]etail\["(\w+)"\]/g));
  expect(names.length).toBeGreaterThan(60);
  expect(names.filter((name) => !isNamed(name)), 'name these in detailTexts.ts').toEqual([]);
});

test("an operator's login is 本人認証, never ログイン", () => {
  const of = (kind: string, role: string, detail: { [name: string]: string }) => {
    const key = loginOf({ kind, role, detail });
    return key && loginTexts.messages[key].ja;
  };
  expect(of('login.accepted', 'operator', { method: 'face' })).toBe('本人認証に成功');
  expect(of('login.accepted', 'operator', { method: 'approved' })).toBe('承認による接続を許可');
  expect(of('login.refused', 'operator', {})).toBe('本人認証を拒否');
  expect(of('login.refused', 'operator', { method: 'face', judged: 'pc' })).toBe('本人認証を拒否');
  expect(of('login.accepted', '', { method: 'passkey', rp: 'console' })).toBe('管理画面にログイン');
  expect(of('login.refused', '', { method: 'passkey', rp: 'console' })).toBe('管理画面へのログインを拒否');
  expect(of('session.opened', 'operator', {})).toBeNull();
});
