import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type RefObject } from 'react';
import { newestRowQuery, type AuditFilter } from '../api/queries';

export type Watched = {
  filter: AuditFilter;
  /** newest is the number of the newest row shown; -1 where none is. */
  newest: number;
  /** still: only the newest page is shown, and nobody is reading a row or typing a search. */
  still: boolean;
  /** head stands above the rows: out of sight, somebody reads further down. */
  head: RefObject<HTMLElement | null>;
  /** busy: the rows are being asked for anyway. */
  busy: boolean;
  load: () => void;
};

/** useNewer watches for newer rows. It loads them where nothing moves under the reader's eyes, else says that they are there. */
export function useNewer({ filter, newest, still, head, busy, load }: Watched): boolean {
  const { data, dataUpdatedAt } = useQuery(newestRowQuery(filter));
  const [told, setTold] = useState(false);
  const behind = data !== undefined && data > newest;
  useEffect(() => {
    if (!behind) return setTold(false);
    if (busy) return;
    if (still && inSight(head.current)) load();
    else setTold(true);
    // Each answer is looked at once: what moved the page meanwhile does not load by itself.
  }, [behind, dataUpdatedAt]);
  return behind && told;
}

const inSight = (head: HTMLElement | null) => head === null || head.getBoundingClientRect().bottom > 0;
