import * as ort from 'onnxruntime-web/wasm';
import type { Found, Heads } from './detect.ts';
import { decode } from './detect.ts';
import type { Nets } from './measure.ts';
import { cropSize, unitLength } from './measure.ts';
import type { Pixels } from './pixels.ts';
import { planar, square } from './pixels.ts';

/** Loaded models, whose SHA-256 was checked. */
export interface StandardModels {
  detector: Uint8Array;
  embedder: Uint8Array;
  liveness: Uint8Array;
}

const plain = { bgr: true, mean: [0, 0, 0], scale: [1, 1, 1] } as const;
const imageNetMean = [0.485 * 255, 0.456 * 255, 0.406 * 255] as const;
const imageNetScale = [1 / (0.229 * 255), 1 / (0.224 * 255), 1 / (0.225 * 255)] as const;
const liveSize = 128;
const floor = 0.5; // the agent decides what counts; below it there is only noise

/** runtime prepares ONNX Runtime: one thread, its files from our own origin. */
export function runtime(wasmPath: string): void {
  ort.env.wasm.numThreads = 1; // threads would spin on the second core, which belongs to the work
  ort.env.wasm.proxy = false;
  ort.env.logLevel = 'error';
  if (wasmPath) ort.env.wasm.wasmPaths = wasmPath.endsWith('/') ? wasmPath : `${wasmPath}/`;
}

export async function session(model: Uint8Array): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
}

/** Standard runs YuNet, MobileFaceNet and MiniFAS. */
export class Standard implements Nets {
  readonly name = 'standard';
  private planes = new Float32Array(0);
  private readonly crop = new Float32Array(3 * cropSize * cropSize);
  private readonly liveCrop = new Float32Array(3 * liveSize * liveSize);

  private constructor(
    private readonly detector: ort.InferenceSession,
    private readonly embedder: ort.InferenceSession,
    private readonly liveness: ort.InferenceSession,
    private readonly fixed: number, // the detector's only input size, 0 if any
  ) {}

  static async load(m: StandardModels): Promise<Standard> {
    const detector = await session(m.detector);
    const [input] = detector.inputMetadata;
    const side = input?.isTensor === true ? input.shape[3] : undefined;
    return new Standard(detector, await session(m.embedder), await session(m.liveness), typeof side === 'number' ? side : 0);
  }

  async detect(p: Pixels): Promise<Found[]> {
    const [w, h] = this.fixed ? [this.fixed, this.fixed] : inputSize(p);
    if (this.planes.length !== 3 * w * h) this.planes = new Float32Array(3 * w * h);
    planar(p, w, h, this.planes, plain);
    const answer = await this.detector.run({ [this.detector.inputNames[0]!]: new ort.Tensor('float32', this.planes, [1, 3, h, w]) });
    return decode(answer as unknown as Heads, w, h, p.width / w, p.height / h, floor);
  }

  async embed(rgb: Float32Array): Promise<Float32Array> {
    const plane = cropSize * cropSize;
    for (let i = 0; i < plane; i++) {
      for (let c = 0; c < 3; c++) this.crop[c * plane + i] = (rgb[3 * i + c]! - imageNetMean[c]!) * imageNetScale[c]!;
    }
    const answer = await this.embedder.run({
      [this.embedder.inputNames[0]!]: new ort.Tensor('float32', this.crop, [1, 3, cropSize, cropSize]),
    });
    return unitLength(Float32Array.from(answer[this.embedder.outputNames[0]!]!.data as Float32Array));
  }

  async live(p: Pixels, f: Found): Promise<number> {
    square(p, f.box, 1.5, liveSize, this.liveCrop);
    const answer = await this.liveness.run({
      [this.liveness.inputNames[0]!]: new ort.Tensor('float32', this.liveCrop, [1, 3, liveSize, liveSize]),
    });
    const [real, spoof] = answer[this.liveness.outputNames[0]!]!.data as unknown as [number, number];
    return 1 / (1 + Math.exp(spoof - real));
  }

  async close(): Promise<void> {
    await this.detector.release();
    await this.embedder.release();
    await this.liveness.release();
  }
}

const grid = 32; // the detector's coarsest stride: its input's sides are multiples of it

/** inputSize keeps the frame's shape, at most 640 pixels a row. */
export function inputSize(p: { width: number; height: number }): [number, number] {
  const w = p.width > 640 ? 640 : Math.max(grid, Math.floor(p.width / grid) * grid);
  const h = Math.round((p.height * w) / p.width / grid) * grid;
  return [w, Math.max(grid, Math.min(1280, h))];
}
