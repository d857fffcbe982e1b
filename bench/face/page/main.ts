import { createFaceEngine } from '../../../web/packages/face/src/engine.ts';
import type { FaceEngine } from '../../../web/packages/face/src/engine.ts';
import type { Model } from '../../../web/packages/face/src/model.ts';

// The desk's own use of the face package, without the desk: open the camera,
// watch it, hand every frame to the runner.

declare global {
  function frame(json: string): Promise<void>;
  interface Window {
    begin(models: Model[], size: { width: number; height: number }): Promise<string>;
    idle(): Promise<void>;
    again(): Promise<void>;
    pace(ms: number): void;
    picture(id: number): Promise<number>;
  }
}

let engine: FaceEngine;
let stream: MediaStream;
let size = { width: 640, height: 480 };

async function watch(): Promise<void> {
  stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: size.width }, height: { ideal: size.height }, frameRate: { ideal: 30 } } });
  const opened = performance.now();
  engine.watch(stream.getVideoTracks()[0]!, (f) => void frame(JSON.stringify({ type: 'frame', shot: performance.now() - f.age_ms - opened, frame: f })));
}

function stop(): void {
  engine.unwatch();
  for (const t of stream.getTracks()) t.stop();
}

window.begin = async (models, wanted): Promise<string> => {
  size = wanted;
  engine = await createFaceEngine({ models, wasmPath: '/ort/', onFailed: (f, d) => void frame(JSON.stringify({ type: 'failed', detail: `${f}: ${d}` })) });
  engine.features(true); // the desk says so once there is consent
  await watch();
  return engine.engine;
};
window.idle = async (): Promise<void> => {
  engine.unwatch(); // the camera stays on: what is left is its cost alone
};
window.again = async (): Promise<void> => {
  stop();
  await watch();
};
window.pace = (ms): void => engine.pace(ms);
window.picture = async (id): Promise<number> => (await engine.picture(id))?.size ?? 0;
