import { plain } from '@sekisho/ui/ime';

/** linesOf takes what was typed apart: one range a line, without blanks and empty lines. */
export function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map(plain)
    .filter((line) => line !== '');
}
