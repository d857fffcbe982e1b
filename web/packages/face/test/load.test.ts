import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFaceEngine, EngineError } from '../src/engine.ts';
import { LoadError, loadNets } from '../src/load.ts';
import type { FromWorker, ToWorker } from '../src/protocol.ts';

const hash = (b: Uint8Array<ArrayBuffer>) =>
  crypto.subtle.digest('SHA-256', b).then((d) => Array.from(new Uint8Array(d), (x) => x.toString(16).padStart(2, '0')).join(''));

afterEach(() => vi.unstubAllGlobals());

describe('pinned models', () => {
  const bytes = new TextEncoder().encode('not a model');
  const answer = (status: number) => vi.stubGlobal('fetch', () => Promise.resolve(new Response(bytes, { status })));
  const model = (role: string, sha256: string) => ({ role, name: `${role}.onnx`, sha256, url: `/models/${role}.onnx` });
  const failure = async (models: Parameters<typeof loadNets>[0]) => {
    const e: unknown = await loadNets(models, '/ort/').then(() => null, (thrown: unknown) => thrown);
    expect(e).toBeInstanceOf(LoadError);
    return (e as LoadError).failure;
  };

  it('refuses a file that is not the pinned one', async () => {
    answer(200);
    expect(await failure([model('detector', '0'.repeat(64))])).toBe('model.mismatch');
  });

  it('refuses a set that is not whole instead of taking a weaker one', async () => {
    answer(200);
    expect(await failure([])).toBe('model.missing');
    expect(await failure([model('embedder', await hash(bytes))])).toBe('model.missing');
  });

  it('says when a file is not there or the line is down', async () => {
    answer(404);
    expect(await failure([model('detector', await hash(bytes))])).toBe('model.missing');
    vi.stubGlobal('fetch', () => Promise.reject(new Error('offline')));
    expect(await failure([model('detector', await hash(bytes))])).toBe('model.missing');
  });
});

/** A worker that answers as it is told. */
class FakeWorker {
  static last: FakeWorker;
  onmessage: ((e: { data: FromWorker }) => void) | null = null;
  onerror: ((e: { message: string }) => void) | null = null;
  sent: ToWorker[] = [];
  ended = false;
  constructor() {
    FakeWorker.last = this;
  }
  postMessage(m: ToWorker): void {
    this.sent.push(m);
  }
  terminate(): void {
    this.ended = true;
  }
  say(m: FromWorker): void {
    this.onmessage?.({ data: m });
  }
}

describe('engine', () => {
  beforeEach(() => vi.stubGlobal('Worker', FakeWorker));
  const options = { models: [], wasmPath: '/ort/' };

  it('says which engine it is', async () => {
    const made = createFaceEngine(options);
    FakeWorker.last.say({ type: 'ready', engine: 'demo' });
    expect((await made).engine).toBe('demo');
  });

  it('rejects and ends its worker when there are no models', async () => {
    const made = createFaceEngine(options);
    FakeWorker.last.say({ type: 'failed', failure: 'model.mismatch', detail: 'detector.onnx' });
    const e: unknown = await made.then(() => null, (thrown: unknown) => thrown);
    expect(e).toBeInstanceOf(EngineError);
    expect((e as EngineError).failure).toBe('model.mismatch');
    expect(FakeWorker.last.ended).toBe(true);
  });

  it('tells once when measuring has ended for good, and gives nothing afterwards', async () => {
    const onFailed = vi.fn();
    const made = createFaceEngine({ ...options, onFailed });
    FakeWorker.last.say({ type: 'ready', engine: 'standard' });
    const engine = await made;
    const waiting = engine.picture(3);
    FakeWorker.last.onerror?.({ message: 'memory' });
    expect(onFailed).toHaveBeenCalledExactlyOnceWith('worker.failed', 'memory');
    expect(await waiting).toBeNull();
    expect(await engine.picture(4)).toBeNull();
    const sent = FakeWorker.last.sent.length;
    engine.pace(30);
    expect(FakeWorker.last.sent).toHaveLength(sent);
  });

  it('hands the pages wishes on', async () => {
    const made = createFaceEngine(options);
    FakeWorker.last.say({ type: 'ready', engine: 'standard' });
    const engine = await made;
    engine.pace(30);
    engine.nonce('n1');
    const wanted = engine.picture(7);
    expect(FakeWorker.last.sent.slice(1)).toEqual([
      { type: 'pace', interval: 30 }, { type: 'nonce', nonce: 'n1' }, { type: 'picture', request: 1, frame: 7 },
    ]);
    const jpeg = new Blob(['x']);
    FakeWorker.last.say({ type: 'picture', request: 1, picture: jpeg });
    expect(await wanted).toBe(jpeg);
  });
});
