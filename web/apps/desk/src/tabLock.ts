/** The page works in one tab only; holding the lock also keeps Chromium from freezing the tab. */
const lockName = 'sekisho-desk';

export type TabLock = { release(): void };

/**
 * holdTab tells through `told` whether this tab works or another one does.
 * With `steal` it takes over; the other tab then learns that it lost.
 */
export function holdTab(told: (state: 'held' | 'elsewhere') => void, steal: boolean): TabLock {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  navigator.locks
    .request(lockName, steal ? { steal: true } : { ifAvailable: true }, (lock) => {
      if (lock === null) {
        told('elsewhere');
        return undefined;
      }
      told('held');
      return held;
    })
    .catch(() => told('elsewhere')); // stolen by another tab
  return { release };
}
