import { expect, test } from 'vitest';
import { lineAt } from './lineAt';

test('a line of a text', () => {
  const text = 'one\ntwo\n\nfour';
  expect([1, 2, 3, 4, 5].map((line) => text.slice(...lineAt(text, line)))).toEqual(['one', 'two', '', 'four', '']);
  expect(lineAt('', 3)).toEqual([0, 0]);
});
