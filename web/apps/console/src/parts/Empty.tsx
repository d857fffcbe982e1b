import type { ReactNode } from 'react';

/** Empty says why there is nothing here and what to do about it. It never hides the way on. */
export function Empty({ icon, title, text, children }: { icon: ReactNode; title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="co-empty">
      <span className="co-empty-icon">{icon}</span>
      <p className="co-empty-title">{title}</p>
      {text && <p className="co-empty-text">{text}</p>}
      {children && <div className="co-empty-acts">{children}</div>}
    </div>
  );
}
