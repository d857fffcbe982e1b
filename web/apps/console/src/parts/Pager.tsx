import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import type { Page } from '../api/paging';
import { partTexts } from './texts';

/** steps are the offsets to which the pager leads; a page that is not there is null. */
export function steps(page: Page): { first: number | null; before: number | null; next: number | null; last: number | null } {
  const last = Math.max(0, Math.floor((page.found - 1) / page.limit) * page.limit);
  const back = page.offset > 0;
  const on = page.offset + page.limit < page.found;
  return { first: back ? 0 : null, before: back ? Math.max(0, page.offset - page.limit) : null, next: on ? page.offset + page.limit : null, last: on ? last : null };
}

/** Pager leads through the pages of a list. Where everything stands on one page there is none. */
export function Pager({ page, label, onMove }: { page: Page; label: string; onMove: (offset: number) => void }) {
  const say = useTexts(partTexts);
  if (page.found <= page.limit) return null;
  const to = steps(page);
  return (
    <nav className="co-pager" aria-label={say('pages', { name: label })}>
      {(['first', 'before'] as const).map((one) => (
        <Step key={one} label={say(`page.${one}`)} to={to[one]} onMove={onMove} />
      ))}
      <p className="sk-numbers" role="status">
        {say('page.rows', { from: page.offset + 1, to: Math.min(page.found, page.offset + page.limit), all: page.found })}
      </p>
      {(['next', 'last'] as const).map((one) => (
        <Step key={one} label={say(`page.${one}`)} to={to[one]} onMove={onMove} />
      ))}
    </nav>
  );
}

// A step that leads nowhere keeps its place, so that the others stay under the hand.
function Step({ label, to, onMove }: { label: string; to: number | null; onMove: (offset: number) => void }) {
  return (
    <Button variant="default" size="compact-md" disabled={to === null} onClick={() => to !== null && onMove(to)}>
      {label}
    </Button>
  );
}
