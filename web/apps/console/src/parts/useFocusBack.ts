import { useEffect, useState } from 'react';

/**
 * useFocusBack gives the focus back to where it was when a dialog opened; if
 * that is gone, to the page itself, so that a keyboard never starts from nowhere.
 */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      setTimeout(() => {
        if (document.querySelector('[role="dialog"]')) return; // another one has taken its place
        const target = before instanceof HTMLElement && before.isConnected ? before : document.getElementById('main');
        target?.focus({ preventScroll: true });
      });
    },
    [before],
  );
}
