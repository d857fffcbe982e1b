import { expect, test } from 'vitest';
import { codeOf } from './code';

test('four digits as they are typed', () => {
  expect(codeOf('0042')).toBe('0042');
  expect(codeOf('００４２')).toBe('0042');
  expect(codeOf(' 00 42 ')).toBe('0042');
  expect(codeOf('00-42')).toBe('0042');
});

test('anything else is no number', () => {
  for (const typed of ['', '042', '00423', 'abcd', '４', '00４x', '④②③①x']) expect(codeOf(typed)).toBe('');
});
