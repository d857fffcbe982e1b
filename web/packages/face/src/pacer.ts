import type { Found } from './detect.ts';
import type { Plan } from './measure.ts';

const burst = 50; // ms: an interval at or below this asks for everything, at once
const fullEvery = 320; // ms between full measures while all is calm
const slowest = 500;
const countedScore = 0.6;
const countedWidth = 28;

/**
 * Pacer decides how soon to check again and how much to measure. It looks at
 * what changed, never at who it is: that is the agent's part.
 *
 *   - Calm: the agent's interval, every face measured about three times a second.
 *   - Somebody joined: this check and the next one tell of boxes alone, at once.
 *   - Any other change of the number or place of faces: everything, at once.
 *   - The agent asked for a burst: everything, at once.
 */
export class Pacer {
  /** features: faces may be told apart. Without it boxes and liveness are all that is measured. */
  features = false;
  private interval = 160;
  private lastFull = -Infinity;
  private lastCount = 0;
  private lastBox: readonly number[] | null = null;
  private quick = 0;
  private soon = false;

  pace(interval: number): void {
    this.interval = Math.min(slowest, Math.max(0, interval));
  }

  /** plan is asked when the boxes of a frame are known. */
  plan(found: readonly Found[], now: number): Plan {
    const counted = found.filter((f) => f.score >= countedScore && f.box[2] >= countedWidth);
    const largest = counted.reduce<Found | null>((a, b) => (a && a.box[2] >= b.box[2] ? a : b), null);
    const joined = counted.length > this.lastCount && this.lastCount > 0;
    const changed = counted.length !== this.lastCount || moved(this.lastBox, largest?.box ?? null);
    this.lastCount = counted.length;
    this.lastBox = largest?.box ?? null;
    if (joined) this.quick = 2;
    if (this.quick > 0) {
      this.quick--;
      this.soon = true;
      return { embed: false, live: false };
    }
    this.soon = changed;
    const full = changed || this.interval <= burst || now - this.lastFull >= fullEvery;
    if (full) this.lastFull = now;
    return { embed: full && this.features, live: full };
  }

  /** wait is how long to sleep, in ms, when a check began at began. */
  wait(began: number, now: number): number {
    if (this.soon || this.interval <= burst) return 0;
    return Math.max(0, began + this.interval - now);
  }
}

function moved(a: readonly number[] | null, b: readonly number[] | null): boolean {
  if (!a || !b) return a !== b;
  const dx = a[0]! + a[2]! / 2 - b[0]! - b[2]! / 2;
  const dy = a[1]! + a[3]! / 2 - b[1]! - b[3]! / 2;
  return Math.hypot(dx, dy) > 0.5 * a[2]! || b[2]! > 1.5 * a[2]! || a[2]! > 1.5 * b[2]!;
}
