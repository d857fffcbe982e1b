import { expect, test } from 'vitest';
import { leakedSet } from './leakedSet';
import { countedList, ownNames, passwordFaults } from './strength';

const own = ownNames('sv-mihon', '見本 監督', 'console.mihon-center.example.jp');
const counted = await countedList();
const faults = (password: string) => passwordFaults(password, own, counted);

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
  ['Hashiru7-Kaeru_to Tsukue', []],
  ['vG7#qLw9-Tz', []],
])('%s', (password, wrong) => {
  expect(faults(password)).toEqual(wrong);
});

test.each([
  ...['Password1!', 'P@ssw0rd', 'P@$$w0rd2026!', 'Welcome#123', 'Sakura2026!', 'Qwerty!234', 'Summer-2026', '!Admin123', 'Letmein_99', 'Pa55word!', 'Iloveyou<3', 'Sekisho@2026'],
  // of the counted list, with what people add
  ...['Michelle1!', 'Trustno1!', 'Br0nc0s#88', 'Sup3rst@r!', 'Dolphin_2025', '2024Mustang!', 'Cheyenne$$7', 'Blackjack#21', 'Manchester_1'],
  // by hand: Japan and our trade
  ...['Takahashi1!', 'Hanshintigers#1', 'Arigatou2026!', 'Zaitaku@1234', 'Callcenter_01', 'T0kyo2026!', 'Hatsunemiku39!', 'Fukuoka#810', 'Okyakusama1!', 'YamadaYamada1!'],
])('%s has leaked, or one like it', (password) => {
  expect(faults(password)).toContain('leaked');
});

test.each(['Aaaaaa1!', 'Abcdefg1!', '1Qaz2wsx!', 'Zyxwvu9876!', '!QAZ"WSX1qaz', 'Asdfghjkl;:12', '1234567890-^Qa'])('%s is little more than a run', (password) => {
  expect(faults(password)).toContain('simple');
});

test.each(['Xx-SV-mihon-77', 'Sv.M1hon!2026', 'Mihon-Center7!', 'M1h0n_C3nter!', 'Xmihonx-Qk77!'])('%s holds a name of his own, or of the company', (password) => {
  expect(faults(password)).toContain('own');
});

test('a name of the address that says nothing is none', () => {
  expect(ownNames('op', '見本', 'console.sekisho.localhost')).toEqual(['op', '見本']);
  expect(ownNames('op', '見本', '192.0.2.1')).toEqual(['op', '見本']);
});

test('the counted list holds what it was made of, and little else', () => {
  for (const word of ['password', 'dragon', 'monkey', 'michelle', 'trustno']) expect(counted(word)).toBe(true);
  let seed = 20261122;
  const letter = () => String.fromCharCode(97 + ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 8) % 26);
  let wrong = 0;
  for (let n = 0; n < 40_000; n++) if (counted(Array.from({ length: 12 }, letter).join(''))) wrong++;
  expect(wrong).toBeLessThan(40); // 1 in 2,048 by construction: about 20
});

test('the list keeps its budget, and a spoilt one lets nothing hang', async () => {
  expect(leakedSet.bits.length).toBeLessThan(90 * 1024); // bytes of the chunk, beside the code that reads it
  const { lookup } = await import('./leakedLookup');
  for (const bits of ['', 'AAAA', '////', leakedSet.bits.slice(0, 1000)]) expect(() => lookup({ ...leakedSet, bits })('password')).not.toThrow();
});
