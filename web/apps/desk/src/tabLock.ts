/** The page works in one tab only; holding the lock also keeps Chromium from freezing the tab. */
const lockName = 'sekisho-desk';

/** A tab that was replaced lets go within this time; a lock held for longer belongs to a tab that works. */
const patienceMS = 400;

export type TabLock = { release(): void };

/**
 * holdTab tells through `told` whether this tab works or another one does. It
 * waits for its turn, so that a tab comes in by itself when the other one goes.
 * With `steal` it takes over at once; the other tab then learns that it lost.
 */
export function holdTab(told: (state: 'held' | 'elsewhere') => void, steal: boolean): TabLock {
  const waiting = new AbortController();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const timer = setTimeout(() => told('elsewhere'), patienceMS);
  navigator.locks
    .request(lockName, steal ? { steal: true } : { signal: waiting.signal }, () => {
      clearTimeout(timer);
      told('held');
      return held;
    })
    .catch(() => {
      clearTimeout(timer);
      if (!waiting.signal.aborted) told('elsewhere'); // stolen by another tab
    });
  return {
    release() {
      clearTimeout(timer);
      waiting.abort();
      release();
    },
  };
}
