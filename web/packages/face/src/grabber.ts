import type { Pixels } from './pixels.ts';

/** Shot is one picture of the camera, in memory, with the time at which it was taken (performance.now of this thread). */
export interface Shot extends Pixels {
  data: Uint8Array;
  captured: number;
}

interface Held {
  picture: VideoFrame | ImageBitmap;
  captured: number;
}

const freshEnough = 50; // ms: a picture older than this waits for the next one, when one is coming

/**
 * Grabber keeps the newest picture of a camera and drops every other at once,
 * so that never more than one waits.
 */
export class Grabber {
  private newest: Held | null = null;
  private offset = Infinity; // least (arrival − timestamp): what it takes a picture to come when nothing is in the way
  private waiting: (() => void) | null = null;
  private canvas: OffscreenCanvas | null = null;
  private stopped = false;
  private direct = true;
  private reader: ReadableStreamDefaultReader<VideoFrame> | null = null;

  /** read follows a stream of frames until stop or its end, and tells of the first. */
  async read(stream: ReadableStream<VideoFrame>, first: () => void): Promise<void> {
    this.reader = stream.getReader();
    for (let count = 0; ; count++) {
      const { value, done } = await this.reader.read();
      if (done) return;
      if (count === 0) first();
      const now = performance.now();
      const taken = value.timestamp / 1000;
      this.offset = Math.min(this.offset + 0.01, now - taken); // creeps, since clocks drift apart
      this.put(value, Math.min(now, taken + this.offset));
    }
  }

  put(picture: VideoFrame | ImageBitmap, captured: number): void {
    if (this.stopped) {
      picture.close();
      return;
    }
    this.newest?.picture.close();
    this.newest = { picture, captured };
    this.waiting?.();
  }

  /** take waits at most patience for a fresh picture and copies its pixels into buffer's memory if they fit. */
  async take(patience: number, spare: Uint8Array | null): Promise<Shot | null> {
    const deadline = performance.now() + patience;
    for (;;) {
      const now = performance.now();
      if (this.stopped) return null;
      if (this.newest && (now - this.newest.captured <= freshEnough || now >= deadline)) break;
      if (now >= deadline) return null;
      await this.next(deadline - now);
    }
    const held = this.newest;
    this.newest = null;
    try {
      return await this.pixels(held, spare);
    } finally {
      held.picture.close();
    }
  }

  private next(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, patience);
      const self = this;
      function done(): void {
        clearTimeout(timer);
        self.waiting = null;
        resolve();
      }
      this.waiting = done;
    });
  }

  private async pixels(held: Held, spare: Uint8Array | null): Promise<Shot> {
    const p = held.picture;
    const width = 'displayWidth' in p ? p.displayWidth : p.width;
    const height = 'displayHeight' in p ? p.displayHeight : p.height;
    const size = width * height * 4;
    const data = spare?.length === size ? spare : new Uint8Array(size);
    if (this.direct && 'copyTo' in p && p.visibleRect?.width === width && p.visibleRect.height === height) {
      try {
        await p.copyTo(data, { format: 'RGBA' } as VideoFrameCopyToOptions);
        return { data, width, height, captured: held.captured };
      } catch {
        this.direct = false; // this browser cannot convert while it copies: by canvas from now on
      }
    }
    this.canvas ??= new OffscreenCanvas(width, height);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const pen = this.canvas.getContext('2d', { willReadFrequently: true, alpha: false });
    if (!pen) throw new Error('no canvas');
    pen.drawImage(p, 0, 0, width, height);
    data.set(pen.getImageData(0, 0, width, height).data);
    return { data, width, height, captured: held.captured };
  }

  stop(): void {
    this.stopped = true;
    this.newest?.picture.close();
    this.newest = null;
    this.waiting?.();
    this.reader?.cancel().catch(() => undefined); // the stream is gone either way
  }
}
