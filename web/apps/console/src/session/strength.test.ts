import { expect, test } from 'vitest';
import { passwordFaults } from './strength';

const own = ['sv-mihon', '見本 監督'];

test.each([
  ['', ['short', 'upper', 'lower', 'digit', 'symbol']],
  ['Aa1!', ['short']],
  ['kaede-no-ki 7', ['upper']],
  ['KAEDE-NO-KI 7', ['lower']],
  ['Kaede-no-Ki', ['digit']],
  ['KaedenoKi77', ['symbol']],
  ['Kaede no Ki 77', ['symbol']], // a blank is none
  ['A1!'.padEnd(129, 'b'), ['long']],
  ['Kaede-no-Ki 7!', []],
  ['あきの-Yama 7!', []],
])('%s', (password, faults) => {
  expect(passwordFaults(password, own)).toEqual(faults);
});

test.each(['Password1!', 'P@ssw0rd', 'P@$$w0rd2026!', 'Welcome#123', 'Sakura2026!', 'Qwerty!234', 'Summer-2026', '!Admin123', 'Letmein_99', 'Pa55word!', 'Iloveyou<3', 'Sekisho@2026'])('%s has leaked, or one like it', (password) => {
  expect(passwordFaults(password, own)).toContain('leaked');
});

test.each(['Aaaaaa1!', 'Abcdefg1!', '1Qaz2wsx!', 'Zyxwvu9876!'])('%s is little more than a run', (password) => {
  expect(passwordFaults(password, own)).toContain('simple');
});

test('own names are left out', () => {
  expect(passwordFaults('Xx-SV-mihon-77', own)).toEqual(['own']);
});
