const spoken: { [letter: string]: string } = { '@': 'a', '4': 'a', '3': 'e', '1': 'i', '!': 'i', '|': 'i', '0': 'o', '$': 's', '5': 's', '7': 't', '8': 'b', '9': 'g' };

/** read reads figures and signs as the letters that they stand for in P@ssw0rd. */
export const read = (text: string) => text.replace(/[@431!|0$5789]/g, (one) => spoken[one] ?? one);

export const letters = (text: string) => text.replace(/[^\p{L}]/gu, '');

/** fold makes of what was typed what is compared: one width, small letters. */
export const fold = (text: string) => text.normalize('NFKC').toLowerCase();

/** trim takes away what people add at the ends to satisfy a policy. */
export const trim = (text: string) => text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');

/**
 * cores are what a folded password is built around: with figures read as letters,
 * and without its ends.
 */
export function cores(folded: string): string[] {
  const trimmed = trim(folded);
  return [...new Set([folded, trimmed, letters(trimmed), letters(read(trimmed)), letters(read(folded))])].filter((core) => core !== '');
}
