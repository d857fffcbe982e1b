import { describe, expect, it } from 'vitest';
import { suppress, decode } from '../src/detect.ts';
import { alignment, angles } from '../src/geometry.ts';
import { Brightness, sharpness } from '../src/light.ts';
import { base64url, measureFaces, unitLength } from '../src/measure.ts';
import type { Nets } from '../src/measure.ts';
import { planar, square, warp } from '../src/pixels.ts';
import type { Pixels } from '../src/pixels.ts';
import { inputSize } from '../src/standard.ts';
import shapes from '../../wire/testdata/shapes.json';

function picture(width: number, height: number, at: (x: number, y: number) => [number, number, number]): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [r, g, b] = at(x, y);
      data.set([r, g, b, 255], (y * width + x) * 4);
    }
  }
  return { data, width, height };
}

const plain = { mean: [0, 0, 0], scale: [1, 1, 1] } as const;

describe('pixels', () => {
  it('writes planes in either order, with mean and scale', () => {
    const p = picture(2, 1, (x) => [10 + x, 20 + x, 30 + x]);
    const out = new Float32Array(6);
    planar(p, 2, 1, out, { bgr: true, ...plain });
    expect([...out]).toEqual([30, 31, 20, 21, 10, 11]);
    planar(p, 2, 1, out, { bgr: false, mean: [10, 10, 10], scale: [2, 1, 1] });
    expect([...out]).toEqual([0, 2, 10, 11, 20, 21]);
  });

  it('resizes without moving the picture', () => {
    const p = picture(64, 48, (x, y) => [x * 4, y * 5, 0]);
    const out = new Float32Array(3 * 32 * 24);
    planar(p, 32, 24, out, { bgr: false, ...plain });
    expect(out[10 * 32 + 16]).toBeCloseTo((16.5 * 2 - 0.5) * 4, 3); // red grows with x
    expect(out[32 * 24 + 10 * 32 + 16]).toBeCloseTo((10.5 * 2 - 0.5) * 5, 3); // green with y
  });

  it('mirrors at the edges when it cuts a square', () => {
    const p = picture(100, 100, (x) => [x < 50 ? 255 : 0, 128, 0]);
    const out = new Float32Array(3 * 20 * 20);
    square(p, [0, 40, 20, 20], 1.5, 20, out); // five pixels reach beyond the left edge
    expect(out[0]).toBeCloseTo(1, 5);
    expect(out[20 * 20]).toBeCloseTo(128 / 255, 3);
    expect(Math.max(...out)).toBeLessThanOrEqual(1);
    expect(Math.min(...out)).toBeGreaterThanOrEqual(0);
  });

  it('keeps an even surface even, larger or smaller', () => {
    const p = picture(300, 300, () => [90, 90, 90]);
    for (const edge of [10, 60, 200]) {
      const out = new Float32Array(3 * 32 * 32);
      square(p, [150 - edge / 2, 150 - edge / 2, edge, edge], 1.5, 32, out);
      for (const v of out) expect(v).toBeCloseTo(90 / 255, 4);
    }
  });

  it('warps by a similarity and leaves black outside', () => {
    const p = picture(10, 10, (x, y) => [x * 10, y * 10, 0]);
    const out = new Float32Array(4 * 4 * 3);
    warp(p, { a: 1, b: 0, tx: 3, ty: 2 }, 4, out);
    expect([out[0], out[1]]).toEqual([30, 20]);
    warp(p, { a: 1, b: 0, tx: -50, ty: 0 }, 4, out);
    expect(Math.max(...out)).toBe(0);
  });
});

describe('geometry', () => {
  const template = [38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041];

  it('finds the similarity that made the points', () => {
    const points: number[] = [];
    for (let i = 0; i < 10; i += 2) {
      const [x, y] = [template[i]!, template[i + 1]!];
      points.push(1.5 * x - 0.4 * y + 100, 0.4 * x + 1.5 * y + 50);
    }
    const m = alignment(points);
    expect(m.a).toBeCloseTo(1.5, 4);
    expect(m.b).toBeCloseTo(0.4, 4);
    expect(m.tx).toBeCloseTo(100, 2);
    expect(m.ty).toBeCloseTo(50, 2);
  });

  /** seen turns a plain head by yaw and pitch, in degrees, and looks at it. */
  function seen(yaw: number, pitch: number, roll = 0): number[] {
    const head = [[-31.5, -34, -3], [31.5, -34, -3], [0, 2, 24], [-25, 33, -2], [25, 33, -2]] as const;
    const [cy, sy] = [Math.cos((yaw * Math.PI) / 180), Math.sin((yaw * Math.PI) / 180)];
    const [cp, sp] = [Math.cos((pitch * Math.PI) / 180), Math.sin((pitch * Math.PI) / 180)];
    const [cr, sr] = [Math.cos((roll * Math.PI) / 180), Math.sin((roll * Math.PI) / 180)];
    return head.flatMap(([x, y, z]) => {
      const x1 = cy * x + sy * z; // the nose goes to the picture's right when the head turns to its left
      const z1 = -sy * x + cy * z;
      const y1 = cp * y - sp * z1; // and up when it looks up
      return [300 + 2 * (cr * x1 - sr * y1), 200 + 2 * (sr * x1 + cr * y1)];
    });
  }

  it('measures every movement that a login may ask', () => {
    const enough = 20; // degrees that twin/vigil wants
    const made: { [challenge: string]: () => boolean } = {
      turn_left: () => angles(seen(25, 0))!.yaw >= enough && angles(seen(-25, 0))!.yaw < 0,
      turn_right: () => angles(seen(-25, 0))!.yaw <= -enough && angles(seen(25, 0))!.yaw > 0,
    };
    expect(shapes.challenges.length).toBeGreaterThan(1);
    for (const challenge of shapes.challenges) expect([challenge, made[challenge]?.()]).toEqual([challenge, true]);
  });

  it('reads yaw to the left and pitch upwards as positive', () => {
    for (const [yaw, pitch] of [[0, 0], [20, 0], [-30, 0], [0, 15], [0, -15], [25, 10]] as const) {
      const a = angles(seen(yaw, pitch))!;
      expect(a.yaw).toBeCloseTo(yaw, 0);
      expect(a.pitch).toBeCloseTo(pitch, 0);
    }
    expect(angles(seen(0, 0, 20))!.yaw).toBeCloseTo(0, 0); // a tilted head looks straight
  });

  it('says nothing of points that are no face', () => {
    expect(angles([1, 1, 1, 1, 1, 1, 1, 1, 1, 1])).toBeNull();
  });
});

describe('light', () => {
  it('tells dark, flat, moving and frozen', () => {
    const b = new Brightness();
    expect(b.measure(picture(64, 48, () => [0, 0, 0]))).toMatchObject({ luma: 0, spread: 0, change: 1 });
    const stripes = picture(64, 48, (x) => (x % 8 < 4 ? [255, 255, 255] : [0, 0, 0]));
    const first = b.measure(stripes);
    expect(first.spread).toBeGreaterThan(100);
    expect(first.change).toBeGreaterThan(100);
    expect(b.measure(stripes).change).toBe(0);
    b.forget();
    expect(b.measure(stripes).change).toBe(1);
  });

  it('finds a blurred face less sharp', () => {
    const size = 112;
    const sharp = new Float32Array(size * size * 3).map((_, i) => ((Math.floor(i / 3) % size) % 6 < 3 ? 200 : 40));
    const even = new Float32Array(size * size * 3).fill(120);
    expect(sharpness(sharp, size)).toBeGreaterThan(1000);
    expect(sharpness(even, size)).toBeCloseTo(0, 5);
  });
});

describe('detect', () => {
  it('reads the heads of the detector and keeps the best of overlapping boxes', () => {
    const heads: Record<string, { data: Float32Array }> = {};
    for (const s of [8, 16, 32]) {
      const n = (64 / s) ** 2;
      heads[`cls_${s}`] = { data: new Float32Array(n) };
      heads[`obj_${s}`] = { data: new Float32Array(n) };
      heads[`bbox_${s}`] = { data: new Float32Array(4 * n) };
      heads[`kps_${s}`] = { data: new Float32Array(10 * n) };
    }
    const cell = 9; // row 1, column 1 of stride 8
    heads['cls_8']!.data[cell] = 0.81;
    heads['obj_8']!.data[cell] = 1.7; // more than sure counts as sure
    heads['bbox_8']!.data.set([0.5, 0.5, Math.log(2), Math.log(3)], 4 * cell);
    const [face, ...more] = decode(heads, 64, 64, 10, 20, 0.5);
    expect(more).toEqual([]);
    expect(face!.score).toBeCloseTo(0.9, 5);
    expect(face!.box.map((v) => Math.round(v))).toEqual([40, -0, 160, 480]);
    expect(suppress([
      { box: [0, 0, 10, 10], score: 0.7, points: [] },
      { box: [1, 1, 10, 10], score: 0.9, points: [] },
      { box: [40, 0, 10, 10], score: 0.6, points: [] },
    ]).map((f) => f.score)).toEqual([0.9, 0.6]);
  });

  it('asks the detector for sizes that it takes', () => {
    for (const [w, h] of [[640, 480], [640, 360], [1280, 720], [1920, 1080], [320, 240], [480, 640]] as const) {
      const [iw, ih] = inputSize({ width: w, height: h });
      expect(iw % 32).toBe(0);
      expect(ih % 32).toBe(0);
      expect(iw).toBeLessThanOrEqual(640);
      expect(Math.abs(iw / ih - w / h) / (w / h)).toBeLessThan(0.07);
    }
  });
});

describe('measure', () => {
  const nets = (over: Partial<Nets> = {}): Nets => ({
    name: 'standard',
    detect: () => Promise.resolve([]),
    embed: () => Promise.resolve(new Float32Array(128).fill(1 / Math.sqrt(128))),
    live: () => Promise.resolve(0.9),
    close: () => Promise.resolve(),
    ...over,
  });
  const found = (x: number, w: number) => ({ box: [x, 50, w, w] as [number, number, number, number], score: 0.9, points: [x, 60, x + w, 60, x + w / 2, 80, x + 5, 95, x + w - 5, 95] });
  const p = picture(640, 480, () => [100, 100, 100]);

  it('measures as much as was planned, and never of a face too small to say anything', async () => {
    const [large, small] = await measureFaces(nets(), p, [found(100, 80), found(300, 40)], { embed: true, live: true });
    expect(large!.embedding).toHaveLength(683); // 512 bytes
    expect(large!.live).toBe(0.9);
    expect(small).toMatchObject({ embedding: '', live: null });
    const [quick] = await measureFaces(nets(), p, [found(100, 80)], { embed: false, live: false });
    expect(quick).toMatchObject({ embedding: '', live: null, sharpness: 0 });
  });

  it('lets an error of the models through instead of guessing', async () => {
    await expect(measureFaces(nets({ embed: () => Promise.reject(new Error('model')) }), p, [found(100, 80)], { embed: true, live: false })).rejects.toThrow('model');
  });

  it('gives the shape of wire.Face and nothing that sounds like a verdict', async () => {
    const [f] = await measureFaces(nets(), p, [found(100, 80)], { embed: true, live: true });
    expect(Object.keys(f!).sort()).toEqual(['box', 'embedding', 'live', 'pitch', 'points', 'score', 'sharpness', 'yaw']);
  });

  it('scales to length one and writes base64url', () => {
    expect(Math.hypot(...unitLength(new Float32Array([3, 4])))).toBeCloseTo(1, 6);
    expect([...unitLength(new Float32Array(2))]).toEqual([0, 0]);
    expect(base64url(new Uint8Array([251, 255, 191]))).toBe('-_-_');
    expect(base64url(new Uint8Array([1]))).toBe('AQ');
  });
});
