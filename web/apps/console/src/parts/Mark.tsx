import type { Tone } from '@sekisho/ui/stateLook';
import type { ReactNode } from 'react';

/** Mark is a state in a word, with its icon and colour; the word alone is enough to read it. */
export function Mark({ tone, icon, children }: { tone: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className="co-mark" data-tone={tone}>
      {icon}
      <span>{children}</span>
    </span>
  );
}
