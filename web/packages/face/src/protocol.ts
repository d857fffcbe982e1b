import type { Frame } from '@sekisho/wire/local';
import type { EngineName, Model } from './model.ts';

/** What the page tells the worker. */
export type ToWorker =
  | { type: 'load'; models: Model[]; wasmPath: string }
  | { type: 'stream'; readable: ReadableStream<VideoFrame>; camera: string }
  | { type: 'bitmaps'; camera: string }
  | { type: 'bitmap'; bitmap: ImageBitmap; captured: number }
  | { type: 'pace'; interval: number }
  | { type: 'nonce'; nonce: string }
  | { type: 'features'; allowed: boolean }
  | { type: 'view'; hidden: boolean; muted: boolean }
  | { type: 'picture'; request: number; frame: number }
  | { type: 'stop' };

/** Why the worker cannot measure. */
export type Failure = 'model.missing' | 'model.mismatch' | 'model.failed' | 'camera.failed' | 'worker.failed';

/** What the worker tells the page. */
export type FromWorker =
  | { type: 'ready'; engine: EngineName }
  | { type: 'failed'; failure: Failure; detail: string }
  | { type: 'frame'; frame: Frame }
  | { type: 'seeing' } // the first picture of a stream came
  | { type: 'want' }
  | { type: 'picture'; request: number; picture: Blob | null };
