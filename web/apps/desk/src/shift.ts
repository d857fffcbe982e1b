/** warnBefore is how long before the end of a shift its operator is told, in milliseconds. */
export const warnBefore = 10 * 60_000;

/** leftOf is how much of a shift is left in milliseconds where that is to be said, else null. */
export function leftOf(ends: string | null | undefined, now: number): number | null {
  if (!ends) return null;
  const left = Date.parse(ends) - now;
  return left <= warnBefore ? Math.max(left, 0) : null;
}
