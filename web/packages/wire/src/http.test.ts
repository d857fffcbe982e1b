import { afterEach, describe, expect, test, vi } from 'vitest';
import { createClient } from './http';
import { ProblemError } from './problem';
import { z } from './z';

const Answer = z.object({ a: z.number() });
const client = createClient({ base: '/api/', bearer: () => 'secret', language: () => 'ja' });

function answer(status: number, body: string, type = 'application/json') {
  const fetched = vi.fn((_url: string, _init: RequestInit) => Promise.resolve(new Response(body, { status, headers: { 'Content-Type': type } })));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no problem',
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem.code : 'not a problem'),
  );
}

describe('a client', () => {
  test('carries bearer and language, never in the address', async () => {
    const fetched = answer(200, '{"a":1}');
    await expect(client.ask('POST', 'x', Answer, { b: 2 })).resolves.toEqual({ a: 1 });
    const [url, init] = fetched.mock.calls[0]!;
    expect(url).toBe('/api/x');
    expect(init.headers).toMatchObject({ Authorization: 'Bearer secret', 'Accept-Language': 'ja', 'Content-Type': 'application/json' });
    expect(init.redirect).toBe('error');
  });

  test('gives the server’s problem as it is', async () => {
    answer(409, '{"code":"a.b","title":"t","action":"d","status":409,"type":"x"}', 'application/problem+json');
    expect(await codeOf(client.ask('GET', 'x', Answer))).toBe('a.b');
  });

  test.each([
    ['an answer of another shape', 200, '{"a":"one"}'],
    ['an answer that is no JSON', 200, '<html>'],
    ['a failure without a problem', 502, 'bad gateway'],
  ])('%s is unreadable', async (_, status, body) => {
    answer(status, body);
    expect(await codeOf(client.ask('GET', 'x', Answer))).toBe('page.unreadable');
  });

  test('nobody there is unreachable', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    expect(await codeOf(client.ask('GET', 'x', Answer))).toBe('page.unreachable');
  });
});
