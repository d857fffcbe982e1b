import { plain } from '@sekisho/ui/ime';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Asked } from '../api/paging';

/** Order is by which column a list is sorted, and which way round. */
export type Order = { id: string; desc: boolean };

type Place<Filters> = { words: string; filters: Filters; order: Order | null; offset: number };

/** settled is how long nobody types before the server is asked, in ms. */
const settled = 250;

/** useLater gives a text once it has not changed for a moment, folded. */
export function useLater(text: string): string {
  const [later, setLater] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setLater(plain(text)), settled);
    return () => clearTimeout(timer);
  }, [text]);
  return later;
}

export type Listing<Filters> = {
  /** text is what stands in the search field. */
  text: string;
  setText: (text: string) => void;
  filters: Filters;
  setFilters: (change: Partial<Filters>) => void;
  order: Order | null;
  setOrder: (order: Order) => void;
  setOffset: (offset: number) => void;
  /** asked is what the server is asked for. */
  asked: Asked;
};

/**
 * useListing keeps what of a list is shown: words, filters, order and page.
 * Whatever changes the list itself leads back to its first page.
 */
export function useListing<Filters extends { [name: string]: string }>(filters: Filters, order: Order | null = null): Listing<Filters> {
  const [text, setText] = useState('');
  const words = useLater(text);
  const [place, setPlace] = useState<Place<Filters>>({ words, filters, order, offset: 0 });
  const offset = place.words === words ? place.offset : 0; // other words: from the first page on
  const change = useCallback((to: Partial<Place<Filters>>) => setPlace((before) => ({ ...before, words, offset: 0, ...to })), [words]);
  const asked = useMemo<Asked>(
    () => ({ q: words, ...place.filters, sort: place.order?.id, desc: place.order?.desc ? 'true' : undefined, offset: offset || undefined }),
    [words, place.filters, place.order, offset],
  );
  return {
    text,
    setText,
    filters: place.filters,
    setFilters: (some) => change({ filters: { ...place.filters, ...some } }),
    order: place.order,
    setOrder: (next) => change({ order: next }),
    setOffset: (next) => change({ offset: next }),
    asked,
  };
}
