import type { FaceEngine } from '@sekisho/face/engine';
import type { Frame } from '@sekisho/wire/local';

/**
 * A face engine without models for tests of the screens' looks: it tells of a
 * frame with nobody in it at the pace it is given. It stands in for the real
 * one at build time only (vite.still.ts), never in a page that is shipped.
 */
export async function createFaceEngine(): Promise<FaceEngine> {
  let timer: ReturnType<typeof setInterval> | undefined;
  let id = 0;
  let nonce = '';
  const unwatch = () => clearInterval(timer);
  return {
    engine: 'standard',
    watch(track, onFrame) {
      unwatch();
      timer = setInterval(() => onFrame(frameOf(++id, track.label, nonce)), 500);
    },
    pace() {},
    nonce(next) {
      nonce = next;
    },
    features() {},
    picture: async () => new Blob([new Uint8Array([0xff, 0xd8, 0xff])], { type: 'image/jpeg' }),
    unwatch,
    close: unwatch,
  };
}

function frameOf(id: number, camera: string, nonce: string): Frame {
  return {
    id, camera, nonce, age_ms: 10, width: 640, height: 480, faces: [], luma: 120, spread: 40, change: 3,
    muted: false, hidden: document.visibilityState !== 'visible', took_ms: 5,
  };
}
