import type { ReactNode } from 'react';
import { Keys } from './Keys';

/** Sheet is the one column of everything before work; steps shows how far the connection has come. */
export function Sheet({ children, steps = false, wide = false }: { children: ReactNode; steps?: boolean; wide?: boolean }) {
  return (
    <div className={wide ? 'dk-column dk-wide' : 'dk-column'}>
      {steps && <Keys />}
      <section className="dk-sheet">{children}</section>
    </div>
  );
}
