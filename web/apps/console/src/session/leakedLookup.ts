/** LeakedSet is a set of hashes as sorted differences in Golomb–Rice code (S. W. Golomb, 1966; R. F. Rice, 1979), base64. */
export type LeakedSet = { count: number; rice: number; bits: string };

/**
 * hashOf spreads a text over 0 … count·2^rice − 1: FNV-1a over its UTF-16 units with
 * the finaliser of MurmurHash3. It hides nothing and need not.
 */
export function hashOf(text: string, count: number, rice: number): number {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) % (count * 2 ** rice);
}

/**
 * lookup says of a text whether it is in the set: always for what is, and for one
 * in 2^rice of what is not.
 */
export function lookup(set: LeakedSet): (text: string) => boolean {
  const bytes = Uint8Array.from(atob(set.bits), (one) => one.charCodeAt(0));
  const held = new Set<number>();
  let at = 0;
  const bit = () => ((bytes[at >> 3] ?? 0) >> (7 - (at++ & 7))) & 1;
  let value = -1;
  for (let n = 0; n < set.count && at < bytes.length * 8; n++) {
    let step = 0;
    while (bit() === 1) step++;
    for (let low = 0; low < set.rice; low++) step = step * 2 + bit();
    value += step + 1;
    held.add(value);
  }
  return (text) => held.has(hashOf(text, set.count, set.rice));
}
