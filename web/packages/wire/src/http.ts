import type { z } from './z';
import { Problem, ProblemError, ownProblem } from './problem';

/** ClientOptions say who asks: a bearer in memory (desk) or a cookie (console), and in which language. */
export type ClientOptions = {
  base: string;
  bearer?: () => string;
  language: () => string;
};

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Client asks a door and parses what it answers; every failure is a ProblemError. */
export type Client = {
  ask<T>(method: Method, path: string, answer: z.ZodType<T>, body?: unknown, signal?: AbortSignal): Promise<T>;
  /** tell is for answers without a body. */
  tell(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<void>;
};

export function createClient(options: ClientOptions): Client {
  async function send(method: Method, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const headers: { [name: string]: string } = { Accept: 'application/json', 'Accept-Language': options.language() };
    const bearer = options.bearer?.();
    if (bearer) headers['Authorization'] = `Bearer ${bearer}`;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const init: RequestInit = { method, headers, cache: 'no-store', redirect: 'error' };
    if (body !== undefined) init.body = JSON.stringify(body);
    if (signal) init.signal = signal;
    let response: Response;
    try {
      response = await fetch(options.base + path, init);
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw new ProblemError(ownProblem('page.unreachable'));
    }
    if (!response.ok) throw new ProblemError(await problemIn(response));
    return response;
  }
  return {
    async ask(method, path, answer, body, signal) {
      const response = await send(method, path, body, signal);
      const parsed = answer.safeParse(await response.json().catch(() => undefined));
      if (!parsed.success) throw new ProblemError(ownProblem('page.unreadable'));
      return parsed.data;
    },
    async tell(method, path, body, signal) {
      await send(method, path, body, signal);
    },
  };
}

async function problemIn(response: Response): Promise<Problem> {
  const parsed = Problem.safeParse(await response.json().catch(() => undefined));
  return parsed.success ? parsed.data : { ...ownProblem('page.unreadable'), status: response.status };
}
