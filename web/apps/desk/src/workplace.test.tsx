import { MantineProvider } from '@mantine/core';
import { startLanguage } from '@sekisho/ui/language';
import type { LocalStatus } from '@sekisho/wire/local';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { EngineMaker } from './eyes';
import { me, status } from './fixtures';
import { WorkplaceContext } from './place';
import { TrainingStep } from './screens/Training';
import { Workplace } from './workplace';

// The agent and the desk door, as far as a page in quarantine asks them.
class Socket {
  static readonly OPEN = 1;
  static last: Socket | undefined;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  readyState = 1;
  bufferedAmount = 0;
  sent: string[] = [];
  constructor() {
    Socket.last = this;
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {}
  hear(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const quarantine: LocalStatus = { ...status, phase: 'quarantine', connection: 'c' };
const rule = { id: 'policy', level: 'policy', title: { ja: '規程', en: 'Rules' }, version: 1, required: true, done: null, due: null };
const words = { ja: '1 本文', en: '1 Text' };
let missing: string[];
let asked: number;
let place: Workplace;

beforeAll(() => startLanguage(null));

beforeEach(async () => {
  Socket.last = undefined;
  missing = [];
  asked = 0;
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false); // the workplace renders by itself
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('navigator', { language: 'ja', locks: { request: (_: string, __: object, held: () => Promise<void>) => Promise.resolve().then(held) } });
  vi.stubGlobal('fetch', async (url: string | URL | Request) => {
    const path = String(url instanceof Request ? url.url : url);
    if (path.endsWith('/me')) asked += 1;
    if (path.endsWith('/bearer')) return Response.json({ bearer: 'b' });
    if (path.endsWith('/me')) return Response.json({ ...me, missing });
    if (path.endsWith('/training')) return Response.json({ courses: [], documents: [rule] });
    if (path.endsWith('/training/documents/policy')) return Response.json({ document: rule, body: words, since: 0, changes: { ja: [], en: [] } });
    return Response.json(quarantine);
  });
  place = new Workplace((() => {
    throw new Error('no camera here');
  }) as unknown as EngineMaker);
  await place.begin({ ticket: 't' } as Parameters<Workplace['begin']>[0]);
  await vi.waitFor(() => expect(Socket.last).toBeDefined());
  const socket = Socket.last as Socket | undefined; // set behind the compiler's back
  socket?.onopen?.();
  socket?.hear({ type: 'welcome', status: quarantine });
  await place.connect();
  await vi.waitFor(() => expect(place.current().me).not.toBeNull());
});

afterEach(() => vi.unstubAllGlobals());

test('a login that training refuses shows the course', async () => {
  missing = ['training']; // it came due since I was asked who I am
  Socket.last?.hear({ type: 'login', login: { step: 'failed', good: 0, needed: 0, pose: '', hint: '', challenge: '', problem: { code: 'training.required', title: '研修', action: '' } } });
  await vi.waitFor(() => expect(place.current().me?.missing).toEqual(['training']));
  const before = asked;
  Socket.last?.hear({ type: 'login', login: { step: 'failed', good: 0, needed: 0, pose: '', hint: '', challenge: '', problem: { code: 'face.no_match', title: '本人', action: '' } } });
  expect(place.current().me).not.toBeNull(); // the control: who I am is not asked anew
  expect(asked).toBe(before);
});

test('what was done in quarantine lets go as soon as the door says so, although more is open', async () => {
  missing = ['training'];
  place.refresh();
  await vi.waitFor(() => expect(place.current().me?.missing).toEqual(['training']));
  const host = document.body.appendChild(document.createElement('div'));
  const root = createRoot(host);
  const press = async (of: () => Element | null | undefined) => {
    await vi.waitFor(() => expect(of()).toBeTruthy());
    (of() as HTMLElement).click();
  };
  root.render(
    <MantineProvider env="test">
      <WorkplaceContext value={place}>
        <TrainingStep />
      </WorkplaceContext>
    </MantineProvider>,
  );
  await press(() => host.querySelector('.dk-training button'));
  missing = []; // what is left can wait: the door goes on answering for it
  await press(() => host.querySelector('.dk-quiz button'));
  await vi.waitFor(() => expect(place.current().me?.missing).toEqual([]));
  root.unmount();
  host.remove();
});
