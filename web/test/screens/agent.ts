import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Approval, ConsentText, DeskDesktop, Me, Record, PostureStanding } from '@sekisho/wire/desk';
import type { AgentMessage, LocalStatus, LocalVerdict, PageMessage } from '@sekisho/wire/local';
import { serveDesktop } from './picture.ts';
import { acceptSocket, type Socket } from './sockets.ts';

// A stand-in for the agent, so that every screen can be driven into every state.
// It serves the built page under the agent's own policy and says what it is told to.

type Answer = { status: number; body: unknown };

export type Scene = {
  status: LocalStatus;
  me: Me;
  consent: ConsentText;
  approval: Approval;
  desktops: DeskDesktop[];
  records: Record[];
  recordsBefore: number;
  posture: PostureStanding;
  /** refuse answers a path with a problem instead. */
  refuse: Map<string, Answer>;
  /** more are answers by route, beside those that every scene has. */
  more: Map<string, unknown>;
};

const types: { [ext: string]: string } = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.wasm': 'application/wasm', '.json': 'application/json',
};

export class StandInAgent {
  origin = '';
  /** heard is what the page said on the guard socket, frames and beats left out. */
  readonly heard: PageMessage[] = [];
  readonly pictures: { message: PageMessage; jpeg: Buffer }[] = [];
  readonly asked: string[] = [];
  /** bodies are what the page sent last, by route. */
  readonly bodies = new Map<string, unknown>();
  readonly keys: { keysym: number; down: boolean }[] = [];
  frames = 0;
  beats: number[] = [];
  lastFrame = 0;
  private judging: LocalVerdict | null = null;
  private pages: Socket[] = [];
  private desktops: Socket[] = [];
  private before: PageMessage | null = null;
  private readonly server = createServer((request, response) => void this.answer(request, response));
  private readonly dist: string;
  private readonly models: string | null;
  scene: Scene;

  constructor(dist: string, models: string | null, scene: Scene) {
    this.dist = dist;
    this.models = models;
    this.scene = scene;
    this.server.on('upgrade', (request, stream: Duplex) => this.upgrade(request, stream));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.origin = `http://sekisho.localhost:${address.port}`;
  }

  async close(): Promise<void> {
    for (const s of [...this.pages, ...this.desktops]) s.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** page is the address that the agent would open. */
  page(language: string): string {
    return `${this.origin}/#ticket=once&lang=${language}`;
  }

  say(message: AgentMessage): void {
    for (const s of this.pages) s.send(JSON.stringify(message));
  }

  /** become changes the status and tells it. */
  become(change: Partial<LocalStatus>): void {
    this.scene.status = { ...this.scene.status, ...change, seq: this.scene.status.seq + 1 };
    this.say({ type: 'status', status: this.scene.status });
  }

  /** verdict judges from now on: once at once, and again for every frame. */
  verdict(change: Partial<LocalVerdict>): void {
    this.judging = { state: 'present', since_ms: 0, frame_id: 0, screen: 'open', countdown: 0, interval_ms: 500, hint: '', ...change };
    this.say({ type: 'verdict', verdict: { ...this.judging, frame_id: this.lastFrame } });
  }

  /** fallSilent: frames are no longer answered. */
  fallSilent(): void {
    this.judging = null;
  }

  hangUp(code: number, reason: string): void {
    for (const s of this.pages) s.close(code, reason);
  }

  dropDesktops(): void {
    for (const s of this.desktops) s.close(1011, 'gone');
  }

  private upgrade(request: IncomingMessage, stream: Duplex): void {
    const socket = acceptSocket(request, stream);
    if (request.url === '/local/v1/guard') return this.guard(socket);
    if (request.url === '/api/console/v1/events') {
      socket.onMessage = (first) => (String(first) === '{"bearer":"of the console"}' ? socket.send('{"v":1,"seq":1,"type":"hello","data":null}') : socket.close(1008, 'local.bearer_required'));
      return;
    }
    if (request.url === '/api/desk/v1/events') return; // nothing happens by itself here
    this.desktops.push(socket);
    socket.onClose = () => (this.desktops = this.desktops.filter((s) => s !== socket));
    socket.onMessage = (first) => {
      if (String(first) !== '{"bearer":"known"}') return socket.close(1008, 'local.bearer_required');
      serveDesktop(socket, (keysym, down) => this.keys.push({ keysym, down }));
    };
  }

  get openDesktops(): number {
    return this.desktops.length;
  }

  private guard(socket: Socket): void {
    this.pages.push(socket);
    socket.onClose = () => (this.pages = this.pages.filter((s) => s !== socket));
    socket.onMessage = (data) => {
      if (typeof data !== 'string') {
        if (this.before) this.pictures.push({ message: this.before, jpeg: data });
        return;
      }
      const message = JSON.parse(data) as PageMessage;
      this.before = message;
      if (message.type === 'alive') this.beats.push(performance.now());
      else if (message.type === 'frame') {
        this.frames++;
        this.lastFrame = message.frame.id;
        if (this.judging) this.say({ type: 'verdict', verdict: { ...this.judging, frame_id: this.lastFrame } });
      } else this.heard.push(message);
      if (message.type === 'hello') socket.send(JSON.stringify({ type: 'welcome', status: this.scene.status }));
    };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', this.origin).pathname;
    const route = `${request.method} ${path}`;
    if (path.startsWith('/local/') || path.startsWith('/api/')) {
      this.asked.push(route);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      if (text !== '') this.bodies.set(route, JSON.parse(text));
      const refused = this.scene.refuse.get(route);
      const body = refused ? refused.body : this.data(route);
      response.writeHead(refused?.status ?? (body === undefined ? 404 : 200), {
        'Content-Type': refused ? 'application/problem+json' : 'application/json',
        'Cache-Control': 'no-store',
      });
      return void response.end(JSON.stringify(body ?? { type: '', status: 404, code: 'request.not_found', title: '見つかりません。', action: '' }));
    }
    this.file(path, response);
  }

  private data(route: string): unknown {
    const { scene } = this;
    switch (route) {
      case 'POST /local/v1/bearer':
        return { bearer: 'known' };
      case 'POST /local/v1/console':
        return { ticket: 'once' };
      case 'POST /local/v1/console/bearer':
        return { bearer: 'of the console' };
      case 'GET /local/v1/status':
      case 'POST /local/v1/connect':
      case 'POST /local/v1/disconnect':
      case 'POST /local/v1/again':
        return scene.status;
      case 'GET /api/desk/v1/me':
        return scene.me;
      case 'GET /api/desk/v1/posture':
        return scene.posture;
      case 'GET /api/desk/v1/consent':
        return scene.consent;
      case 'POST /api/desk/v1/consent':
      case 'POST /api/desk/v1/passkeys/login/finish':
      case 'POST /api/desk/v1/passkeys/register/finish':
        return { done: true };
      case 'POST /api/desk/v1/passkeys/login/begin':
        return { options: { publicKey: { challenge: 'AAAA', rpId: 'sekisho.localhost', userVerification: 'required', allowCredentials: [] } } };
      case 'POST /api/desk/v1/passkeys/register/begin':
        return {
          options: {
            publicKey: {
              challenge: 'AAAA', rp: { id: 'sekisho.localhost', name: '関所' }, user: { id: 'AQ', name: 'mihon', displayName: '見本 花子' },
              pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })), authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
            },
          },
        };
      case 'POST /api/desk/v1/approvals':
      case `GET /api/desk/v1/approvals/${scene.approval.id}`:
        return scene.approval;
      case 'GET /api/desk/v1/desktops':
        return scene.desktops;
      case 'GET /api/desk/v1/records':
        return { records: scene.records, before: scene.recordsBefore };
      default:
        return route.endsWith('/objection') ? { done: true } : scene.more.get(route);
    }
  }

  private file(path: string, response: ServerResponse): void {
    const nonce = createHash('sha256').update(String(Math.random())).digest('base64url');
    const host = this.origin.replace('http://', '');
    const framed = path.startsWith('/console/');
    response.setHeader(
      'Content-Security-Policy',
      `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self' ws://${host}; worker-src 'self'; frame-src 'self'; frame-ancestors ${framed ? "'self'" : "'none'"}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types default`,
    );
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Permissions-Policy', 'camera=(self), clipboard-write=(), publickey-credentials-get=(self), publickey-credentials-create=(self)');
    if (framed) return this.console(path.slice('/console/'.length) || 'index.html', nonce, response);
    const file = path.startsWith('/models/') && this.models ? join(this.models, path.slice(8)) : join(this.dist, path === '/' ? 'index.html' : path);
    if (path.includes('..') || !existsSync(file)) return void response.writeHead(404).end();
    response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
    const content = readFileSync(file);
    response.end(path === '/' ? content.toString().replaceAll('__NONCE__', nonce) : content);
  }

  /** console serves the console as it ships, for the frame inside the desk. */
  private console(name: string, nonce: string, response: ServerResponse): void {
    const file = join(this.dist, '../console', name);
    if (name.includes('..') || !existsSync(file)) return void response.writeHead(404).end();
    response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
    const content = readFileSync(file);
    response.end(name === 'index.html' ? content.toString().replaceAll('__NONCE__', nonce) : content);
  }
}
