import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kitHead, linesOf } from './items';

test('names are folded, and empty lines are none', () => {
  expect(linesOf(' ヘッドセット \n\nＵＳＢハブ\r\n')).toEqual(['ヘッドセット', 'USBハブ']);
  expect(linesOf('')).toEqual([]);
});

test('the sample has columns that the server takes', () => {
  const source = readFileSync('../internal/gate/kitting/plan.go', 'utf8'); // tests run in web/
  for (const word of kitHead) expect(source).toContain(`"${word.toLowerCase()}":`);
});
