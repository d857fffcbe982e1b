import type { ReactNode } from 'react';
import { useSeat } from '../place';
import { Keys } from './Keys';
import { Leave } from './Leave';

/** Sheet is the one column of everything before work; steps shows how far the connection has come, and how to give it up. */
export function Sheet({ children, steps = false, wide = false }: { children: ReactNode; steps?: boolean; wide?: boolean }) {
  const { intent } = useSeat();
  return (
    <div className={wide ? 'dk-column dk-wide' : 'dk-column'}>
      {steps && <Keys />}
      <section className="dk-sheet">{children}</section>
      {steps && intent && <Leave />}
    </div>
  );
}
