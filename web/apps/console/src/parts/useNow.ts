import { useEffect, useState } from 'react';

/** useNow ticks every second; skew is what the server's clock is ahead of this one, in ms. */
export function useNow(skew = 0): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now + skew;
}
