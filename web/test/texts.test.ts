import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Message, Texts } from '@sekisho/ui/language';

const tables = import.meta.glob<{ [name: string]: unknown }>(['../packages/*/src/**/*[tT]exts.ts', '../apps/*/src/**/*[tT]exts.ts', '../apps/console/src/readiness/measures.ts'], { eager: true });

function isTexts(value: unknown): value is Texts {
  return typeof value === 'object' && value !== null && 'namespace' in value && 'messages' in value;
}

const found: { file: string; key: string; message: Message }[] = [];
const namespaces: string[] = [];
for (const [file, module] of Object.entries(tables)) {
  for (const value of Object.values(module)) {
    if (!isTexts(value)) continue;
    namespaces.push(value.namespace);
    for (const [key, message] of Object.entries(value.messages)) found.push({ file, key, message });
  }
}

const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();
const japanese = /[\u3041-\u30ff\u4e00-\u9fff]/;
// Names that stay as they are: the other language's own name, and "{{…}}" alone.
const mayBeForeign = (key: string) => key === 'language.other';

test('there are texts, each namespace once', () => {
  expect(found.length).toBeGreaterThan(50);
  expect(new Set(namespaces).size).toBe(namespaces.length);
});

test.each(found)('$file $key stands in both languages', ({ key, message }) => {
  expect(message.ja.trim()).not.toBe('');
  expect(message.en.trim()).not.toBe('');
  expect(holes(message.en)).toEqual(holes(message.ja));
  if (mayBeForeign(key)) return;
  expect(message.en, 'English text holds Japanese letters').not.toMatch(japanese);
});

test('what is not a name or a number is Japanese in ja', () => {
  const foreign = found.filter(({ key, message }) => !mayBeForeign(key) && !japanese.test(message.ja) && /[a-z]{4,}/.test(message.ja.replaceAll(/\{\{\w+\}\}/g, '')));
  expect(foreign.map((f) => f.key)).toEqual([]);
});

// docs/terms.md, "How Japanese is written on screens".
const rules: { rule: string; broken: RegExp; but?: RegExp }[] = [
  { rule: 'brackets are full-width', broken: /[([].*[\u3041-\u30ff\u4e00-\u9fff].*[)\]]|[\u3041-\u30ff\u4e00-\u9fff] ?\(/ },
  { rule: 'no space between Japanese and Latin letters or digits', broken: /[\u3041-\u30ff\u4e00-\u9fff] (?:[A-Za-z0-9]|\{\{)|[A-Za-z0-9}] [\u3041-\u30ff\u4e00-\u9fff]/, but: /(?:保証レベル|残り|記録|接続|識別コード) (?:C|\{\{)| sekisho roster install /g },
  { rule: 'long vowels are written out', broken: /(?:サーバ|ブラウザ|フォルダ|ルータ|ユーザ)(?!ー)/ },
  { rule: 'the word of docs/terms.md', broken: /監視|リース|隔離|侵入者|証拠|指紋|管理者\(SV\)|管理者（SV）|立会|切符|一時停止|断る|必修|御社|ふりがな|プライバシーフィルター/ },
];

test.each(rules)('$rule', ({ broken, but }) => {
  const against = found.filter(({ message }) => broken.test(but ? message.ja.replaceAll(but, '') : message.ja));
  expect(against.map((f) => `${f.key}: ${f.message.ja}`)).toEqual([]);
});

test('the days that pictures are kept after the decision are the server’s', () => {
  const source = readFileSync(join(process.cwd(), '../internal/guard/evidence/bundle.go'), 'utf8'); // tests run in web/
  const days = /const Retention = (\d+) \* 24 \* time\.Hour/.exec(source)?.[1];
  const told = found.filter(({ message }) => /判断.*\d+日/.test(message.ja));
  expect(told.length).toBeGreaterThan(2);
  expect(told.filter(({ message }) => !message.ja.includes(`判断から${days}日`) || !message.en.includes(`${days} days`)).map((f) => f.key)).toEqual([]);
});
