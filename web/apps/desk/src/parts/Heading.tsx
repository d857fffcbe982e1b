import { useEffect, useRef, type ReactNode } from 'react';

/** Heading takes the focus when its screen appears, so that keyboard and screen reader start there. */
export function Heading({ children, className }: { children: ReactNode; className?: string }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={ref} tabIndex={-1} className={className ? `dk-heading ${className}` : 'dk-heading'}>
      {children}
    </h1>
  );
}
