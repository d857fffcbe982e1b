import { leaked } from './leaked';

/** PasswordFault is what is wrong with a new password; the words are in texts.ts. */
export type PasswordFault = 'short' | 'long' | 'upper' | 'lower' | 'digit' | 'symbol' | 'own' | 'leaked' | 'simple';

const shortest = 8;
const longest = 128;

/**
 * passwordFaults is the whole policy: 8 characters or more of all four classes, not the
 * person's own names, not one that has leaked. It is checked here and nowhere
 * else, since the server never sees a password; whoever changes this page can
 * choose a weak one, and no server of this protocol can tell.
 */
export function passwordFaults(password: string, own: readonly string[]): PasswordFault[] {
  const faults: PasswordFault[] = [];
  const characters = [...password];
  if (characters.length < shortest) faults.push('short');
  if (characters.length > longest) faults.push('long');
  if (!/\p{Lu}/u.test(password)) faults.push('upper');
  if (!/\p{Ll}/u.test(password)) faults.push('lower');
  if (!/\p{Nd}/u.test(password)) faults.push('digit');
  if (!/[^\p{L}\p{Nd}\s]/u.test(password)) faults.push('symbol');
  if (faults.length > 0) return faults;
  const folded = password.normalize('NFKC').toLowerCase();
  if (own.some((name) => name.length >= 3 && folded.includes(name.normalize('NFKC').toLowerCase()))) faults.push('own');
  if (isLeaked(folded)) faults.push('leaked');
  if (isSimple(folded)) faults.push('simple');
  return faults;
}

const spoken: { [letter: string]: string } = { '@': 'a', '4': 'a', '3': 'e', '1': 'i', '!': 'i', '|': 'i', '0': 'o', '$': 's', '5': 's', '7': 't', '8': 'b', '9': 'g' };

/** cores are what a password is built around: with figures read as letters, and without what people add at the ends. */
function cores(folded: string): string[] {
  const trimmed = folded.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const read = (text: string) => text.replace(/[@431!|0$5789]/g, (one) => spoken[one] ?? one);
  const letters = (text: string) => text.replace(/[^\p{L}]/gu, '');
  return [folded, trimmed, letters(trimmed), letters(read(trimmed)), letters(read(folded))];
}

function isLeaked(folded: string): boolean {
  return cores(folded).some((core) => core !== '' && leaked.has(core));
}

/** isSimple finds what is hardly more than one character, or a run along the alphabet, the digits or the keyboard. */
function isSimple(folded: string): boolean {
  if (new Set(folded).size < 5) return true;
  const runs = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik'];
  const along = [...runs, ...runs.map((run) => [...run].reverse().join(''))];
  let covered = 0;
  for (let at = 0; at < folded.length; ) {
    let length = Math.min(folded.length - at, 32);
    while (length >= 4 && !along.some((run) => run.includes(folded.slice(at, at + length)))) length--;
    if (length >= 4) covered += length;
    at += length >= 4 ? length : 1;
  }
  return folded.length - covered < 4;
}
