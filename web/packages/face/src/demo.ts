import * as ort from 'onnxruntime-web/wasm';
import type { Found } from './detect.ts';
import { suppress } from './detect.ts';
import type { Nets } from './measure.ts';
import { unitLength } from './measure.ts';
import type { Pixels, Similarity } from './pixels.ts';
import { warp } from './pixels.ts';
import { session } from './standard.ts';

/** The demonstration's models, made by tools/demo-models.mjs from what npm ships. */
export interface DemoModels {
  detector: Uint8Array;
  landmarks: Uint8Array;
  embedder: Uint8Array;
}

const detectSize = 416;
const detectMean = [117.001, 114.697, 97.404] as const;
const anchors = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
] as const;
const markSize = 112;
const embedSize = 150;
const faceMean = [122.782, 117.001, 104.298] as const;
const floor = 0.5;

/** Where the five points lie in the embedder's picture: eyes, nose, mouth corners of an upright face. */
const chip = [51, 57, 99, 57, 75, 84, 56, 108, 94, 108];

/**
 * Demo is for demonstrations without the pinned models. Its descriptor takes
 * strangers for the operator far too often to be a key, and it cannot tell a
 * picture from a face: every face is "alive" to it. The page says so.
 */
export class Demo implements Nets {
  readonly name = 'demo';

  private constructor(
    private readonly detector: ort.InferenceSession,
    private readonly marks: ort.InferenceSession,
    private readonly embedder: ort.InferenceSession,
  ) {}

  static async load(m: DemoModels): Promise<Demo> {
    return new Demo(await session(m.detector), await session(m.landmarks), await session(m.embedder));
  }

  async detect(p: Pixels): Promise<Found[]> {
    const scale = Math.max(p.width, p.height) / detectSize; // the frame fills the upper left, the rest stays black
    const input = picture(p, { a: scale, b: 0, tx: scale / 2 - 0.5, ty: scale / 2 - 0.5 }, detectSize, detectMean);
    const answer = await this.detector.run({ input: new ort.Tensor('float32', input, [1, 3, detectSize, detectSize]) });
    const found = decode(answer['output']!.data as Float32Array, scale * 32);
    for (const f of found) await this.mark(p, f);
    return found;
  }

  /** mark finds the five points among the 68 of a face. */
  private async mark(p: Pixels, f: Found): Promise<void> {
    const edge = Math.max(f.box[2], f.box[3]);
    const step = edge / markSize;
    const left = f.box[0] + f.box[2] / 2 - edge / 2;
    const top = f.box[1] + f.box[3] / 2 - edge / 2;
    const input = picture(p, { a: step, b: 0, tx: left, ty: top }, markSize, faceMean);
    const answer = await this.marks.run({ input: new ort.Tensor('float32', input, [1, 3, markSize, markSize]) });
    const all = answer['output']!.data as Float32Array;
    const mid = (from: number, to: number): [number, number] => {
      let x = 0;
      let y = 0;
      for (let i = from; i <= to; i++) {
        x += all[2 * i]!;
        y += all[2 * i + 1]!;
      }
      const n = to - from + 1;
      return [left + (x / n) * edge, top + (y / n) * edge];
    };
    f.points = [...mid(36, 41), ...mid(42, 47), ...mid(30, 30), ...mid(48, 48), ...mid(54, 54)];
  }

  async embed(_rgb: Float32Array, p: Pixels, f: Found): Promise<Float32Array> {
    const input = picture(p, fit(f.points), embedSize, faceMean);
    const answer = await this.embedder.run({ input: new ort.Tensor('float32', input, [1, 3, embedSize, embedSize]) });
    return unitLength(Float32Array.from(answer['output']!.data as Float32Array));
  }

  live(): Promise<number> {
    return Promise.resolve(1); // it cannot tell; the agent admits this engine in demonstrations alone
  }

  async close(): Promise<void> {
    await this.detector.release();
    await this.marks.release();
    await this.embedder.release();
  }
}

/** picture samples a square of the frame as the networks want it: (v − mean) / 255, planes. */
function picture(p: Pixels, m: Similarity, size: number, mean: readonly [number, number, number]): Float32Array {
  const rgb = new Float32Array(size * size * 3);
  warp(p, m, size, rgb);
  const plane = size * size;
  const out = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) out[c * plane + i] = (rgb[3 * i + c]! - mean[c]!) / 255;
  }
  return out;
}

function decode(out: Float32Array, cell: number): Found[] {
  const found: Found[] = [];
  const cells = 13;
  for (let row = 0; row < cells; row++) {
    for (let col = 0; col < cells; col++) {
      anchors.forEach(([aw, ah], a) => {
        const k = (row * cells + col) * 25 + a * 5;
        const score = sigmoid(out[k + 4]!);
        if (score < floor) return;
        const w = Math.exp(out[k + 2]!) * aw * cell;
        const h = Math.exp(out[k + 3]!) * ah * cell;
        const x = (col + sigmoid(out[k]!)) * cell - w / 2;
        const y = (row + sigmoid(out[k + 1]!)) * cell - h / 2;
        found.push({ box: [x, y, w, h], score, points: [] });
      });
    }
  }
  return suppress(found, 0.4);
}

function sigmoid(v: number): number {
  return 1 / (1 + Math.exp(-v));
}

/** fit is the least-squares similarity from the embedder's picture to the frame. */
function fit(points: readonly number[]): Similarity {
  let mx = 0;
  let my = 0;
  let ux = 0;
  let uy = 0;
  for (let i = 0; i < 10; i += 2) {
    mx += points[i]! / 5;
    my += points[i + 1]! / 5;
    ux += chip[i]! / 5;
    uy += chip[i + 1]! / 5;
  }
  let a = 0;
  let b = 0;
  let n = 0;
  for (let i = 0; i < 10; i += 2) {
    const x = points[i]! - mx;
    const y = points[i + 1]! - my;
    const u = chip[i]! - ux;
    const v = chip[i + 1]! - uy;
    a += u * x + v * y;
    b += u * y - v * x;
    n += u * u + v * v;
  }
  a /= n;
  b /= n;
  return { a, b, tx: mx - a * ux + b * uy, ty: my - b * ux - a * uy };
}
