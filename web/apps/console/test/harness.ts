import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Problem } from '@sekisho/wire/problem';

// Serves dist/console as the door does (same policy, nonce, headers) and gives
// recorded answers instead of the rooms'.

/** Recorded is what a route answers: a body, a refusal, or nothing for as long as the page waits. */
export type Recorded = { body: unknown } | { problem: Problem } | { file: string } | 'hang';
/** Reply is an answer that depends on what is asked for. */
export type Reply = (asked: URLSearchParams) => Recorded;
export type Answers = { [route: string]: Recorded | Reply };

const dist = fileURLToPath(new URL('../../../dist/console', import.meta.url));
const prefix = '/api/console/v1';
const kinds: { [extension: string]: string } = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html; charset=utf-8' };

export const policy = (nonce: string) =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; ` +
  `connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default`;

export type Sent = { route: string; query: string; body: unknown };

export class Harness {
  answers: Answers = {};
  /** sent are the requests that change something, as they came. */
  sent: Sent[] = [];
  private readonly server: Server;
  private readonly sockets = new Map<WebSocket, number>(); // with the number of the last event

  constructor() {
    if (!existsSync(join(dist, 'index.html'))) throw new Error('build the console first: npm run build:console');
    this.server = createServer((request, response) => void this.answer(request, response));
    const events = new WebSocketServer({ noServer: true });
    this.server.on('upgrade', (request, socket, head) =>
      events.handleUpgrade(request, socket, head, (peer) => {
        this.sockets.set(peer, 0);
        peer.on('close', () => this.sockets.delete(peer));
        this.send(peer, 'hello');
      }),
    );
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://console.localhost:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const socket of this.sockets.keys()) socket.terminate();
    this.server.closeAllConnections();
    this.server.close();
  }

  /** tell sends one event to every open page. */
  tell(type: string): void {
    for (const socket of this.sockets.keys()) this.send(socket, type);
  }

  private send(socket: WebSocket, type: string): void {
    const seq = (this.sockets.get(socket) ?? 0) + 1;
    this.sockets.set(socket, seq);
    socket.send(JSON.stringify({ v: 1, seq, type, data: null }));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://console.localhost');
    if (url.pathname.startsWith(prefix)) return this.api(request, response, url);
    if (extname(url.pathname) !== '') return file(response, normalize(url.pathname));
    const nonce = randomBytes(18).toString('base64');
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader('Content-Security-Policy', policy(nonce));
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.end(readFileSync(join(dist, 'index.html'), 'utf8').replaceAll('__NONCE__', nonce));
  }

  private async api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const route = `${request.method} ${url.pathname.slice(prefix.length)}`;
    const body = await bodyOf(request);
    if (request.method !== 'GET') this.sent.push({ route, query: url.search, body });
    const held = this.answers[route] ?? this.answers[route.replace(/[0-9a-f-]{36}|[0-9a-f]{64}|(?<=\/audit\/)\d+/, '*')];
    const recorded = typeof held === 'function' ? held(url.searchParams) : held;
    if (recorded === 'hang') return;
    if (recorded === undefined) {
      response.writeHead(404, { 'Content-Type': 'application/problem+json' });
      response.end(JSON.stringify({ type: 'tag:sekisho,2026:request.not_found', status: 404, code: 'request.not_found', title: `記録なし: ${route}`, action: '' }));
      return;
    }
    if ('problem' in recorded) {
      response.writeHead(recorded.problem.status, { 'Content-Type': 'application/problem+json' });
      response.end(JSON.stringify(recorded.problem));
      return;
    }
    if ('file' in recorded) {
      response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
      response.end(recorded.file);
      return;
    }
    if (recorded.body === null) return void response.writeHead(204).end();
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(recorded.body));
  }
}

function file(response: ServerResponse, path: string): void {
  const full = join(dist, path);
  if (!full.startsWith(dist) || !existsSync(full)) return void response.writeHead(404).end();
  response.setHeader('Content-Type', kinds[extname(full)] ?? 'application/octet-stream');
  response.end(readFileSync(full));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  if (text === '' || request.headers['content-type'] !== 'application/json') return null; // a file
  return JSON.parse(text);
}
