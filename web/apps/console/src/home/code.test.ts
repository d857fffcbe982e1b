import { expect, it } from 'vitest';
import { codeIn } from './code';

it.each([
  [' abcde-fghij-klmno-pqrst ', 'abcde-fghij-klmno-pqrst'],
  ['ＡＢＣＤＥ－FGHIJ', 'ABCDE-FGHIJ'],
  ['https://console.example.jp/invitation#token=aB-c_1', 'aB-c_1'],
  ['http://console.localhost:8080/#/invitation?token=x', 'x'],
  ['', ''],
])('reads %s', (text, code) => expect(codeIn(text)).toBe(code));
