import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { noFilter } from '../api/queries';
import { useNewer, type Watched } from './useNewer';

let root: Root;
let answered: number;
let shown: boolean;
let loads: number;

function Page(props: Pick<Watched, 'still' | 'busy'> & { top: number }) {
  const bottom = { getBoundingClientRect: () => ({ bottom: props.top }) } as HTMLElement;
  shown = useNewer({ filter: noFilter, newest: 10, head: { current: bottom }, load: () => void loads++, still: props.still, busy: props.busy });
  return null;
}

const client = new QueryClient();
const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
async function render(still: boolean, top = 100, busy = false) {
  const page = <Page still={still} top={top} busy={busy} />;
  act(() => root.render(<QueryClientProvider client={client}>{page}</QueryClientProvider>));
  for (let turn = 0; turn < 5; turn++) await wait(20);
}

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.useFakeTimers();
  [answered, shown, loads] = [10, false, 0];
  vi.stubGlobal('fetch', async () => Response.json({ rows: [{ seq: answered, at: '2026-01-01T00:00:00Z', kind: 'audit.alive', person: '', device: '', role: '', process: 'server', object: '', object_id: '', decision: '', reason: '', reason_text: '', session: '', customer: '', call: '', detail: {}, personal: {}, late: false, leaf: '' }], before: 0, looked: null, names: {} }));
  root = createRoot(document.createElement('div'));
});
afterEach(() => {
  act(() => root.unmount());
  client.clear();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('newer rows are loaded where the newest page is in sight', async () => {
  await render(true);
  await wait(11_000);
  expect([loads, shown]).toEqual([0, false]);
  answered = 11;
  await wait(11_000);
  expect([loads, shown]).toEqual([1, false]);
});

test('nothing moves under the eyes of who reads on, or types a search', async () => {
  answered = 11;
  await render(false);
  expect([loads, shown]).toEqual([0, true]);
  await render(true); // typing is over: the button stays until the next answer
  await wait(11_000);
  expect(loads).toBe(1);
});

test('who has scrolled down is told instead', async () => {
  answered = 11;
  await render(true, -400);
  expect([loads, shown]).toEqual([0, true]);
});

test('what is being asked for anyway is neither asked again nor told', async () => {
  answered = 11;
  await render(true, 100, true);
  expect([loads, shown]).toEqual([0, false]);
});
