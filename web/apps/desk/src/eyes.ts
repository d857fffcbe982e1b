import type { FaceEngine } from '@sekisho/face/engine';
import type { Frame, LocalModel } from '@sekisho/wire/local';
import { CameraError, openCamera, stopCamera } from './camera';
import type { CameraFault, CameraState } from './seat';

/** silentMS: the agent judges in milliseconds; while a frame waits this long for a verdict and others follow, the page closes by itself. */
export const silentMS = 2000;

/** An engine that gives no frame for this long has died with its worker. */
const stalledMS = 8000;

/** A camera that gives no first picture for this long is opened once more, with a new worker. */
const firstFrameMS = 3000;
const lookMS = 1000;

/** EngineMaker starts an engine from pinned models; it rejects if one is missing or is not the pinned one. */
export type EngineMaker = (models: LocalModel[], onFailed: () => void) => Promise<FaceEngine>;

export type EyesOptions = {
  makeEngine: EngineMaker;
  onFrame: (frame: Frame) => void;
  told: (camera: CameraState) => void;
  onSilent: () => void;
};

/** Eyes are the camera and the engine that looks through it, as one thing that is on or off. */
export type Eyes = {
  /** prepare loads the models before they are needed; the camera stays off. */
  prepare(models: LocalModel[]): void;
  on(models: LocalModel[]): void;
  /** off switches the camera off at once; it tells nothing, since the caller asked for it. */
  off(): void;
  /** heard notes a verdict and the pace it asks for. */
  heard(intervalMS: number): void;
  nonce(nonce: string): void;
  /** features says whether faces may be measured so that they can be told apart. */
  features(allowed: boolean): void;
  picture(frameId: number): Promise<Blob | null>;
};

export function createEyes({ makeEngine, onFrame, told, onSilent }: EyesOptions): Eyes {
  let run = 0; // tells a start that a stop overtook
  let stream: MediaStream | null = null;
  let engine: FaceEngine | null = null;
  let making: Promise<FaceEngine> | null = null;
  let watchdog: ReturnType<typeof setInterval> | undefined;
  let nonce = '';
  let features = false;
  let base = 0; // a new engine counts from one again, the agent wants numbers that only grow
  let newest = 0;
  let unanswered: number | null = null; // when the oldest frame without a verdict was sent; a stalled page does not blame the agent
  let sinceFrame = 0;

  function make(models: LocalModel[]): Promise<FaceEngine> {
    making ??= makeEngine(models, () => lose(run)).then(
      (made) => {
        base = newest;
        engine = made;
        made.nonce(nonce);
        made.features(features);
        return made;
      },
      (thrown: unknown) => {
        making = null; // the next start tries anew
        throw thrown;
      },
    );
    return making;
  }

  /** lose gives the engine up: its worker or its models failed. */
  function lose(own: number): void {
    engine?.close();
    engine = making = null;
    fail(own, 'engine');
  }

  function off(): void {
    run++;
    clearInterval(watchdog);
    engine?.unwatch();
    stopCamera(stream);
    stream = null;
  }

  function fail(own: number, why: CameraFault): void {
    if (own !== run || stream === null) return;
    off();
    told({ kind: 'failed', why });
  }

  function take(frame: Frame): void {
    const now = performance.now();
    newest = base + frame.id;
    sinceFrame = now;
    onFrame({ ...frame, id: newest });
    if (unanswered === null) unanswered = now;
    else if (now - unanswered > silentMS) onSilent();
  }

  async function start(own: number, models: LocalModel[], tries = 2): Promise<void> {
    const opened = await openCamera();
    if (own !== run) return stopCamera(opened);
    stream = opened;
    const [track] = opened.getVideoTracks();
    if (!track) throw new CameraError('none');
    track.onended = () => fail(own, 'lost');
    const made = await make(models);
    if (own !== run) return;
    const began = (sinceFrame = performance.now());
    let sees = false;
    unanswered = null;
    clearInterval(watchdog);
    watchdog = setInterval(() => {
      const now = performance.now();
      if (!sees && tries > 1 && now - began > firstFrameMS) reopen(own, models, tries - 1);
      else if (now - sinceFrame > stalledMS) lose(own);
    }, lookMS);
    made.watch(track, (frame) => {
      sees = true;
      take(frame);
    });
    told({ kind: 'on', stream: opened });
  }

  function reopen(own: number, models: LocalModel[], tries: number): void {
    clearInterval(watchdog);
    engine?.close();
    engine = making = null;
    stopCamera(stream);
    attempt(own, models, tries);
  }

  function attempt(own: number, models: LocalModel[], tries?: number): void {
    start(own, models, tries).catch((thrown: unknown) => {
      if (own !== run) return;
      off();
      told({ kind: 'failed', why: thrown instanceof CameraError ? thrown.why : 'engine' });
    });
  }

  return {
    prepare(models) {
      make(models).catch(() => undefined); // told when the camera is asked for
    },
    on(models) {
      off();
      const own = run;
      told({ kind: 'starting' });
      attempt(own, models);
    },
    off,
    heard(intervalMS) {
      unanswered = null;
      if (intervalMS > 0) engine?.pace(intervalMS);
    },
    nonce(next) {
      nonce = next;
      engine?.nonce(next);
    },
    features(allowed) {
      if (allowed === features) return;
      features = allowed;
      engine?.features(allowed);
    },
    picture: async (frameId) => (frameId > base ? ((await engine?.picture(frameId - base)) ?? null) : null),
  };
}
