import type { KnownKey } from '../api/views';

/** shownRows bounds what is drawn of a long list; the filter finds the rest. */
export const shownRows = 200;

/** nameOf is what a key is called where there is little room. */
export function nameOf(one: KnownKey): string {
  return one.label || `${one.ek.slice(0, 12)}…`;
}

/** fitsKey says whether a key, or the PC that has it, is what is looked for. */
export function fitsKey(one: KnownKey, text: string): boolean {
  const wanted = text.normalize('NFKC').trim().toLowerCase();
  return wanted === '' || [one.label, one.ek, one.asset_tag].some((value) => value.normalize('NFKC').toLowerCase().includes(wanted));
}

/** base64url makes a file's bytes base64url, as the door takes them: unread, so that it finds a foreign encoding itself. */
export function base64url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
