import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTexts } from '@sekisho/ui/language';
import type { Page } from '../api/paging';
import { Pager } from './Pager';
import { partTexts } from './texts';

type Props = { label: string; page: Page; query: UseQueryResult; onMove: (offset: number) => void; children: ReactNode };

/** Rows is one page of a list with its pager. What is shown stays until the next page is there, and says that it is old. */
export function Rows({ label, page, query, onMove, children }: Props) {
  const say = useTexts(partTexts);
  return (
    <div className="co-rows" aria-busy={query.isPlaceholderData} data-old={query.isPlaceholderData || undefined}>
      {page.found === 0 ? <p className="co-nothing">{say('nothing.matches')}</p> : children}
      <Pager page={page} label={label} onMove={onMove} />
    </div>
  );
}

/** Found says how many rows match, of how many. */
export function Found({ page }: { page: Page | undefined }) {
  const say = useTexts(partTexts);
  return (
    <p role="status" className="co-found">
      {page && say('count.of', { count: page.found, all: page.all })}
    </p>
  );
}
