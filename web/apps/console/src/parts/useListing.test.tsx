import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { optionsOf } from './choice';
import { steps } from './Pager';
import { useListing, type Listing } from './useListing';

let root: Root;
let list: Listing<{ state: string }>;
const seen: unknown[] = [];
const start = { state: '' };

function Page() {
  list = useListing(start);
  seen.push(list.asked);
  return null;
}

const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.useFakeTimers();
  root = createRoot(document.createElement('div'));
  act(() => root.render(<Page />));
});
afterEach(() => {
  act(() => root.unmount());
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('the server is asked once nobody types, folded, and from the first page on', async () => {
  act(() => list.setOffset(300));
  expect(list.asked).toMatchObject({ q: '', offset: 300 });
  seen.length = 0;
  for (const typed of ['ｐ', 'ｐｃ', 'ｐｃ－１ ']) {
    act(() => list.setText(typed));
    await wait(100);
  }
  expect(list.asked['q']).toBe('');
  await wait(300);
  expect(list.asked).toMatchObject({ q: 'pc-1', offset: undefined });
  expect(seen).not.toContainEqual(expect.objectContaining({ q: 'pc-1', offset: 300 }));
  act(() => list.setOffset(100));
  expect(list.asked).toMatchObject({ q: 'pc-1', offset: 100 });
});

test('another filter or order begins at the first page and keeps the rest', () => {
  act(() => list.setOffset(200));
  act(() => list.setFilters({ state: 'issued' }));
  expect(list.asked).toMatchObject({ state: 'issued', offset: undefined });
  act(() => list.setOffset(200));
  act(() => list.setOrder({ id: 'tag', desc: true }));
  expect(list.asked).toMatchObject({ state: 'issued', sort: 'tag', desc: 'true', offset: undefined });
  act(() => list.setOrder({ id: 'tag', desc: false }));
  expect(list.asked).toMatchObject({ sort: 'tag', desc: undefined });
});

test('the pager leads to pages that are there', () => {
  const page = { limit: 100, found: 250, all: 300, counts: {} };
  expect(steps({ ...page, offset: 0 })).toEqual({ first: null, before: null, next: 100, last: 200 });
  expect(steps({ ...page, offset: 100 })).toEqual({ first: 0, before: 0, next: 200, last: 200 });
  expect(steps({ ...page, offset: 200 })).toEqual({ first: 0, before: 100, next: null, last: null });
  expect(steps({ ...page, found: 300, offset: 0 }).last).toBe(200);
  expect(steps({ ...page, found: 0, offset: 0 })).toEqual({ first: null, before: null, next: null, last: null });
});

test('what is chosen stays among the choices while other words are looked for', () => {
  const [a, b] = [{ value: 'a', label: 'A' }, { value: 'b', label: 'B' }];
  expect(optionsOf([b], a)).toEqual([a, b]);
  expect(optionsOf([a, b], a)).toEqual([a, b]);
  expect(optionsOf([b], null)).toEqual([b]);
});
