// Whether somebody sits at this page: it tells work from a page left open.

const quiet = 60_000;
let last = Date.now();

/** watchHands notes what the person does; the page calls it once. */
export function watchHands(target: Pick<Window, 'addEventListener'>): void {
  for (const kind of ['pointerdown', 'keydown', 'wheel'] as const) {
    target.addEventListener(kind, () => (last = Date.now()), { passive: true, capture: true });
  }
}

/** awake says whether anything was pressed in the last minute. */
export function awake(now = Date.now()): boolean {
  return now - last < quiet;
}
