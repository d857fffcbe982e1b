import type { Frame } from '@sekisho/wire/local';
import type { EngineName, Model } from './model.ts';
import type { Failure, FromWorker, ToWorker } from './protocol.ts';

export interface EngineOptions {
  /** the files that the agent pinned (status.models), with their addresses on our own origin */
  models: Model[];
  /** folder of the WASM runtime on our own origin, for example "/ort/" */
  wasmPath: string;
  /** called when measuring has ended for good; make a new engine then */
  onFailed?: (failure: Failure, detail: string) => void;
}

/** EngineError is thrown by createFaceEngine when there is no engine to be had. */
export class EngineError extends Error {
  constructor(
    readonly failure: Failure,
    detail: string,
  ) {
    super(`${failure}: ${detail}`);
  }
}

/** FaceEngine measures a camera's picture in a worker of its own. */
export interface FaceEngine {
  /** "demo" must be shown on every screen */
  readonly engine: EngineName;
  /** watch measures a camera's track from now on; each frame goes to onFrame as the agent wants it */
  watch(track: MediaStreamTrack, onFrame: (frame: Frame) => void): void;
  /** pace sets how soon to check again: the verdict's interval_ms */
  pace(interval: number): void;
  /** nonce is the last "nonce" message; every later frame carries it */
  nonce(nonce: string): void;
  /** features says whether faces may be measured so that they can be told apart; not before it is said */
  features(allowed: boolean): void;
  /** picture is the JPEG of one of the last ten frames, null when it is gone */
  picture(frame: number): Promise<Blob | null>;
  /** unwatch lets go of the camera's track, which stays the caller's to stop */
  unwatch(): void;
  close(): void;
}

/** createFaceEngine loads the pinned models; it rejects with an EngineError, never with a weaker engine. */
export async function createFaceEngine(options: EngineOptions): Promise<FaceEngine> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'sekisho-face' });
  const engine = new Engine(worker, options.onFailed ?? (() => undefined));
  try {
    await engine.load(options);
  } catch (e) {
    engine.close();
    throw e;
  }
  return engine;
}

/** unseenMS is how long a stream may take to its first picture before pictures are drawn instead. */
const unseenMS = 1000;

class Engine implements FaceEngine {
  engine: EngineName = 'demo';
  private loaded: ((e: EngineError | null) => void) | null = null;
  private onFrame: ((frame: Frame) => void) | null = null;
  private stopSource: (() => void) | null = null;
  private grab: (() => void) | null = null;
  private seeing: (() => void) | null = null;
  private requests = 0;
  private readonly pictures = new Map<number, (picture: Blob | null) => void>();
  private closed = false;

  constructor(
    private readonly worker: Worker,
    private readonly onFailed: (failure: Failure, detail: string) => void,
  ) {
    worker.onmessage = (e: MessageEvent<FromWorker>): void => this.take(e.data);
    worker.onerror = (e): void => this.fail('worker.failed', e.message || 'worker');
  }

  load(o: EngineOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      this.loaded = (e): void => (e ? reject(e) : resolve());
      this.send({ type: 'load', models: o.models, wasmPath: o.wasmPath });
    });
  }

  watch(track: MediaStreamTrack, onFrame: (frame: Frame) => void): void {
    this.unwatch();
    this.onFrame = onFrame;
    const tellView = (): void =>
      this.send({ type: 'view', hidden: document.visibilityState !== 'visible', muted: track.muted || track.readyState === 'ended' || !track.enabled });
    document.addEventListener('visibilitychange', tellView);
    for (const event of ['mute', 'unmute', 'ended']) track.addEventListener(event, tellView);
    const source = this.source(track);
    this.stopSource = (): void => {
      document.removeEventListener('visibilitychange', tellView);
      for (const event of ['mute', 'unmute', 'ended']) track.removeEventListener(event, tellView);
      source();
    };
    tellView();
  }

  /**
   * source hands the track's frames to the worker: as a stream where the browser
   * can, else one bitmap at a time. Chromium (156) now and then gives a worker whose
   * stream of the same camera ended before nothing of the next one, while the
   * camera runs (one in fifty times on a busy machine): then it is bitmaps too.
   */
  private source(track: MediaStreamTrack): () => void {
    const Processor = (globalThis as { MediaStreamTrackProcessor?: new (o: { track: MediaStreamTrack; maxBufferSize: number }) => { readable: ReadableStream<VideoFrame> } })
      .MediaStreamTrackProcessor;
    if (Processor) {
      const { readable } = new Processor({ track, maxBufferSize: 1 }); // of the very track: a clone would keep the camera on in a break
      this.send({ type: 'stream', readable, camera: track.label }, [readable as unknown as Transferable]);
      let drawn = (): void => undefined; // the worker cancels the stream
      const timer = setTimeout(() => (drawn = this.drawn(track)), unseenMS);
      this.seeing = (): void => clearTimeout(timer);
      return () => {
        clearTimeout(timer);
        this.seeing = null;
        drawn();
      };
    }
    return this.drawn(track);
  }

  /** drawn gives the worker the track's newest picture whenever it asks. */
  private drawn(track: MediaStreamTrack): () => void {
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([track]);
    void video.play().catch(() => undefined); // no picture comes, which the agent sees
    this.grab = (): void => {
      if (video.readyState < 2) return;
      const captured = performance.timeOrigin + performance.now();
      void createImageBitmap(video).then((bitmap) => this.send({ type: 'bitmap', bitmap, captured }, [bitmap]), () => undefined);
    };
    this.send({ type: 'bitmaps', camera: track.label });
    return () => {
      this.grab = null;
      video.srcObject = null;
    };
  }

  pace(interval: number): void {
    this.send({ type: 'pace', interval });
  }

  nonce(nonce: string): void {
    this.send({ type: 'nonce', nonce });
  }

  features(allowed: boolean): void {
    this.send({ type: 'features', allowed });
  }

  picture(frame: number): Promise<Blob | null> {
    if (this.closed) return Promise.resolve(null);
    const request = ++this.requests;
    return new Promise((resolve) => {
      this.pictures.set(request, resolve);
      this.send({ type: 'picture', request, frame });
    });
  }

  unwatch(): void {
    this.stopSource?.();
    this.stopSource = null;
    this.onFrame = null;
    this.send({ type: 'stop' });
  }

  close(): void {
    if (this.closed) return;
    this.unwatch();
    this.closed = true;
    this.worker.terminate();
    for (const answer of this.pictures.values()) answer(null);
    this.pictures.clear();
  }

  private take(m: FromWorker): void {
    switch (m.type) {
      case 'ready':
        this.engine = m.engine;
        this.loaded?.(null);
        this.loaded = null;
        return;
      case 'failed':
        this.fail(m.failure, m.detail);
        return;
      case 'frame':
        this.onFrame?.(m.frame);
        return;
      case 'seeing':
        this.seeing?.();
        return;
      case 'want':
        this.grab?.();
        return;
      case 'picture':
        this.pictures.get(m.request)?.(m.picture);
        this.pictures.delete(m.request);
    }
  }

  private fail(failure: Failure, detail: string): void {
    if (this.loaded) {
      this.loaded(new EngineError(failure, detail));
      this.loaded = null;
      return;
    }
    this.close();
    this.onFailed(failure, detail);
  }

  private send(m: ToWorker, transfer: Transferable[] = []): void {
    if (!this.closed) this.worker.postMessage(m, transfer);
  }
}
