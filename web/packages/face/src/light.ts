import type { Pixels } from './pixels.ts';

/** Light is what a frame says as a whole: is the lens covered, does the picture move. */
export interface Light {
  luma: number;
  spread: number;
  change: number;
}

/** Brightness keeps a thinned copy of the frame before, to tell a living picture from a frozen one. */
export class Brightness {
  private last: Uint8Array | null = null;
  private readonly step = 4;

  /** measure takes every fourth pixel of every fourth row; change is 1 on the first frame, for nothing is known yet. */
  measure(p: Pixels): Light {
    const w = Math.floor(p.width / this.step);
    const h = Math.floor(p.height / this.step);
    const n = w * h;
    const now = new Uint8Array(n);
    let sum = 0;
    let squares = 0;
    for (let y = 0, i = 0; y < h; y++) {
      let k = y * this.step * p.width * 4;
      for (let x = 0; x < w; x++, i++, k += this.step * 4) {
        const v = (p.data[k]! * 77 + p.data[k + 1]! * 150 + p.data[k + 2]! * 29) >> 8;
        now[i] = v;
        sum += v;
        squares += v * v;
      }
    }
    const luma = sum / n;
    let change = 1;
    if (this.last?.length === n) {
      let moved = 0;
      for (let i = 0; i < n; i++) moved += Math.abs(now[i]! - this.last[i]!);
      change = moved / n;
    }
    this.last = now;
    return { luma, spread: Math.sqrt(Math.max(0, squares / n - luma * luma)), change };
  }

  /** forget is called when the camera changes. */
  forget(): void {
    this.last = null;
  }
}

/** sharpness is the variance of the Laplacian of a square picture, RGB interleaved 0…255. */
export function sharpness(rgb: Float32Array, size: number): number {
  const g = new Float32Array(size * size);
  for (let i = 0, k = 0; i < g.length; i++, k += 3) g[i] = rgb[k]! * 0.299 + rgb[k + 1]! * 0.587 + rgb[k + 2]! * 0.114;
  let sum = 0;
  let squares = 0;
  let n = 0;
  const edge = Math.round(size / 7); // the background at the corners says nothing of the face
  for (let y = edge; y < size - edge; y++) {
    for (let x = edge; x < size - edge; x++, n++) {
      const i = y * size + x;
      const v = g[i - 1]! + g[i + 1]! + g[i - size]! + g[i + size]! - 4 * g[i]!;
      sum += v;
      squares += v * v;
    }
  }
  return squares / n - (sum / n) ** 2;
}
