import { cores, fold, letters, read } from './cores';
import { leaked, runs } from './leaked';

/** PasswordFault is what is wrong with a new password; the words are in texts.ts. */
export type PasswordFault = 'short' | 'long' | 'upper' | 'lower' | 'digit' | 'symbol' | 'own' | 'leaked' | 'simple';

const shortest = 8;
const longest = 128;

/**
 * passwordFaults is the whole policy: 8 characters or more of all four classes, not the
 * person's own names, not one that has leaked; counted says so of a word by the
 * counted list (leakedSet.ts). It is checked here and nowhere else, since the server
 * never sees a password; whoever changes this page can choose a weak one, and no
 * server of this protocol can tell.
 */
export function passwordFaults(password: string, own: readonly string[], counted: (word: string) => boolean): PasswordFault[] {
  const faults: PasswordFault[] = [];
  const characters = [...password];
  if (characters.length < shortest) faults.push('short');
  if (characters.length > longest) faults.push('long');
  if (!/\p{Lu}/u.test(password)) faults.push('upper');
  if (!/\p{Ll}/u.test(password)) faults.push('lower');
  if (!/\p{Nd}/u.test(password)) faults.push('digit');
  if (!/[^\p{L}\p{Nd}\s]/u.test(password)) faults.push('symbol');
  if (faults.length > 0) return faults;
  const folded = fold(password);
  if (own.some((name) => names(folded, fold(name)))) faults.push('own');
  if (cores(folded).some((core) => known(core, counted))) faults.push('leaked');
  if (isSimple(folded)) faults.push('simple');
  return faults;
}

/** names says whether a password holds a name, as it is or with figures for its letters. */
function names(folded: string, name: string): boolean {
  if (name.length < 3) return false;
  const bare = letters(name);
  return [folded, read(folded)].some((one) => one.includes(name) || (bare.length >= 4 && letters(one).includes(bare)));
}

/** known says so of one word, and of a word that only repeats a known one. */
function known(core: string, counted: (word: string) => boolean): boolean {
  const one = (word: string) => leaked.has(word) || (word.length >= 4 && counted(word));
  if (one(core)) return true;
  const half = core.slice(0, core.length / 2);
  return core.length >= 6 && core.length % 2 === 0 && core === half + half && one(half);
}

/** isSimple finds what is hardly more than one character, or a run along the alphabet, the digits or the keyboard. */
function isSimple(folded: string): boolean {
  if (new Set(folded).size < 5) return true;
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

/** ownNames are what a password of somebody must not hold: login, name, and the names of the console's own address, which a company's stands in. */
export function ownNames(login: string, name: string, host: string): string[] {
  const labels = host.split('.').filter((label) => label.length >= 4 && !/^\d+$/.test(label) && !['localhost', 'console', 'sekisho', 'example'].includes(label));
  return [login, ...login.split(/[^\p{L}\p{Nd}]+/u).filter((part) => part.length >= 4), ...name.split(/\s+/), ...labels];
}

/** countedList loads the counted list: it comes with the page that asks for a password, and no other. */
export async function countedList(): Promise<(word: string) => boolean> {
  const [{ lookup }, { leakedSet }] = await Promise.all([import('./leakedLookup'), import('./leakedSet')]);
  return lookup(leakedSet);
}
