import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { listen } from './live';

class Socket {
  static all: Socket[] = [];
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((closed: { code: number }) => void) | null = null;
  closed = false;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    Socket.all.push(this);
  }
  close(code = 1005) {
    if (this.closed) return;
    this.closed = true;
    this.onclose?.({ code });
  }
  say(seq: number, type: string) {
    this.onmessage?.({ data: JSON.stringify({ v: 1, seq, type, data: null }) });
  }
}

const last = () => Socket.all.at(-1)!;
let asked: string[];
let on: boolean[];
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', Socket);
  Socket.all = [];
  asked = [];
  on = [];
  const client = new QueryClient();
  vi.spyOn(client, 'invalidateQueries').mockImplementation((filters) => {
    asked.push(String(filters?.queryKey));
    return Promise.resolve();
  });
  stop = listen(client, (value) => on.push(value));
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a storm of changes becomes one question', () => {
  last().say(1, 'hello');
  vi.runOnlyPendingTimers();
  asked.length = 0;
  for (let seq = 2; seq < 50; seq++) last().say(seq, 'floor.changed');
  vi.advanceTimersByTime(1000);
  expect(asked).toEqual(['floor']);
  expect(on).toEqual([true]);
});

test('a gap starts over and asks for everything', () => {
  last().say(1, 'hello');
  last().say(3, 'floor.changed'); // 2 was lost
  expect(last().closed).toBe(true);
  vi.advanceTimersByTime(1000);
  expect(Socket.all.length).toBe(2);
  last().say(1, 'hello');
  asked.length = 0;
  vi.advanceTimersByTime(1000);
  expect(asked.sort()).toEqual(['acts', 'approvals', 'audit,newest', 'calls,board', 'devices', 'disaster', 'floor', 'incidents', 'old-faces', 'readiness', 'reports']);
});

test('what is not an event ends the socket', () => {
  last().onmessage?.({ data: '{"v":2}' });
  expect(last().closed).toBe(true);
});

test('it waits longer each time, and asks who is signed in when the session ended', () => {
  last().close(1006);
  vi.advanceTimersByTime(1000);
  last().close(1006);
  vi.advanceTimersByTime(1000);
  expect(Socket.all.length).toBe(2);
  vi.advanceTimersByTime(1000);
  expect(Socket.all.length).toBe(3);
  last().close(4401);
  expect(asked).toContain('session');
});
