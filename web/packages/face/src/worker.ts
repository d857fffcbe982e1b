import type { Frame } from '@sekisho/wire/local';
import type { Shot } from './grabber.ts';
import { Grabber } from './grabber.ts';
import { Brightness } from './light.ts';
import { LoadError, loadNets } from './load.ts';
import type { Nets } from './measure.ts';
import { measureFaces } from './measure.ts';
import { Pacer } from './pacer.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** How many of the newest pictures stay in memory, so that the agent can ask for one by its frame's number. */
const kept = 10;
const patience = 400; // ms to wait for a picture before looking again whether there is something to tell

interface Scope {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((e: MessageEvent<ToWorker>) => void) | null;
}
const scope = self as unknown as Scope;

/**
 * Watcher is the worker's whole state: one engine, at most one camera, one
 * frame in flight. It reports what it measured and keeps no opinion.
 */
class Watcher {
  private nets: Nets | null = null;
  private grabber: Grabber | null = null;
  private readonly pacer = new Pacer();
  private readonly light = new Brightness();
  private readonly shots: { id: number; shot: Shot }[] = [];
  private id = 0;
  private nonce = { text: '', since: 0, before: '' };
  private camera = '';
  private hidden = false;
  private muted = false;
  private bitmaps = false;
  private size = { width: 0, height: 0 };
  private wake: (() => void) | null = null;

  take(m: ToWorker): void {
    switch (m.type) {
      case 'load':
        void this.load(m);
        return;
      case 'stream':
        this.start(m.camera, false);
        this.grabber?.read(m.readable, () => scope.postMessage({ type: 'seeing' })).catch((e: unknown) => fail('camera.failed', e));
        return;
      case 'bitmaps':
        this.start(m.camera, true);
        return;
      case 'bitmap':
        if (this.grabber) this.grabber.put(m.bitmap, performance.timeOrigin ? m.captured - performance.timeOrigin : performance.now());
        else m.bitmap.close();
        return;
      case 'pace':
        this.pacer.pace(m.interval);
        this.wake?.();
        return;
      case 'nonce':
        this.nonce = { text: m.nonce, since: performance.now(), before: this.nonce.text };
        return;
      case 'features':
        this.pacer.features = m.allowed;
        return;
      case 'view':
        this.view(m.hidden, m.muted);
        return;
      case 'picture':
        void this.picture(m.request, m.frame);
        return;
      case 'stop':
        this.stop();
    }
  }

  private async load(m: { models: Parameters<typeof loadNets>[0]; wasmPath: string }): Promise<void> {
    try {
      this.nets = await loadNets(m.models, m.wasmPath);
      scope.postMessage({ type: 'ready', engine: this.nets.name });
    } catch (e) {
      fail(e instanceof LoadError ? e.failure : 'model.failed', e);
    }
  }

  private start(camera: string, bitmaps: boolean): void {
    this.stop();
    this.camera = camera;
    this.bitmaps = bitmaps;
    this.grabber = new Grabber();
    void this.loop(this.grabber);
  }

  private stop(): void {
    this.grabber?.stop();
    this.grabber = null;
    this.shots.length = 0;
    this.light.forget();
    this.wake?.();
  }

  /** view tells at once when the page is hidden or the camera muted: no picture will come to say so. */
  private view(hidden: boolean, muted: boolean): void {
    const worse = (hidden && !this.hidden) || (muted && !this.muted);
    this.hidden = hidden;
    this.muted = muted;
    if (worse && this.grabber) this.tell([], { luma: 0, spread: 0, change: 1 }, performance.now(), 0);
    this.wake?.();
  }

  private async loop(grabber: Grabber): Promise<void> {
    try {
      while (this.grabber === grabber) {
        const began = performance.now();
        const nets = this.nets;
        const shot = nets ? await this.shoot(grabber) : null;
        if (this.grabber !== grabber) return;
        if (nets && shot) await this.check(nets, shot);
        else if (this.muted || this.hidden) this.tell([], { luma: 0, spread: 0, change: 1 }, performance.now(), 0);
        await this.sleep(shot ? this.pacer.wait(began, performance.now()) : 100);
      }
    } catch (e) {
      fail('worker.failed', e); // no frames from now on: the agent sees it as lost
    }
  }

  private shoot(grabber: Grabber): Promise<Shot | null> {
    if (this.bitmaps) scope.postMessage({ type: 'want' });
    const oldest = this.shots.length >= kept ? this.shots.shift()! : null;
    return grabber.take(patience, oldest?.shot.data ?? null);
  }

  private async check(nets: Nets, shot: Shot): Promise<void> {
    const began = performance.now();
    this.size = { width: shot.width, height: shot.height };
    const light = this.light.measure(shot);
    const found = await nets.detect(shot);
    const faces = await measureFaces(nets, shot, found, this.pacer.plan(found, began));
    this.shots.push({ id: this.id + 1, shot });
    this.tell(faces, light, shot.captured, performance.now() - began);
  }

  private tell(faces: Frame['faces'], light: { luma: number; spread: number; change: number }, captured: number, took: number): void {
    this.id++;
    scope.postMessage({
      type: 'frame',
      frame: {
        id: this.id,
        age_ms: Math.max(0, performance.now() - captured),
        width: this.size.width || 640,
        height: this.size.height || 480,
        faces,
        ...light,
        muted: this.muted,
        hidden: this.hidden,
        camera: this.camera,
        took_ms: took,
        nonce: captured >= this.nonce.since ? this.nonce.text : this.nonce.before, // a picture from before it came does not carry it
      },
    });
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms); // even 0: lets the camera's and the page's messages in
      const self = this;
      function done(): void {
        clearTimeout(timer);
        self.wake = null;
        resolve();
      }
      this.wake = ms > 0 ? done : null;
    });
  }

  private async picture(request: number, frame: number): Promise<void> {
    const held = this.shots.find((s) => s.id === frame)?.shot;
    let picture: Blob | null = null;
    if (held) {
      const canvas = new OffscreenCanvas(held.width, held.height);
      const data = new ImageData(new Uint8ClampedArray(held.data), held.width, held.height); // copied: its memory is used again
      canvas.getContext('2d')?.putImageData(data, 0, 0);
      picture = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
    }
    scope.postMessage({ type: 'picture', request, picture });
  }
}

function fail(failure: Extract<FromWorker, { type: 'failed' }>['failure'], e: unknown): void {
  scope.postMessage({ type: 'failed', failure, detail: e instanceof Error ? e.message : String(e) });
}

const watcher = new Watcher();
scope.onmessage = (e): void => watcher.take(e.data);
