import type { ReactNode } from 'react';

export type Fact = { label: string; value: ReactNode };

/** Facts is a short list of what is known about one thing. */
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className="co-facts">
      {facts.map((fact) => (
        <div key={fact.label}>
          <dt>{fact.label}</dt>
          <dd>{fact.value === '' ? '—' : fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
