import type { Similarity } from './pixels.ts';

/** Where the five points lie in the embedder's 112 × 112 picture (the usual ArcFace template). */
const template = [38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041];

/** alignment is the least-squares similarity from the embedder's picture to the frame. */
export function alignment(points: readonly number[]): Similarity {
  let mx = 0;
  let my = 0;
  let ux = 0;
  let uy = 0;
  for (let i = 0; i < 10; i += 2) {
    mx += points[i]! / 5;
    my += points[i + 1]! / 5;
    ux += template[i]! / 5;
    uy += template[i + 1]! / 5;
  }
  let a = 0;
  let b = 0;
  let n = 0;
  for (let i = 0; i < 10; i += 2) { // fitted the way it was trained, frame to template, then inverted
    const x = points[i]! - mx;
    const y = points[i + 1]! - my;
    const u = template[i]! - ux;
    const v = template[i + 1]! - uy;
    a += x * u + y * v;
    b += x * v - y * u;
    n += x * x + y * y;
  }
  a /= n;
  b /= n;
  const d = a * a + b * b;
  const ia = a / d;
  const ib = -b / d;
  return { a: ia, b: ib, tx: mx - ia * ux + ib * uy, ty: my - ib * ux - ia * uy };
}

/**
 * A plain head: right eye, left eye, nose tip, right and left mouth corner in
 * millimetres; x to the person's left (the picture's right), y down, z to the camera.
 */
const head: readonly (readonly [number, number, number])[] = [
  [-31.5, -34, -3],
  [31.5, -34, -3],
  [0, 2, 24],
  [-25, 33, -2],
  [25, 33, -2],
];

export interface Angles {
  yaw: number;
  pitch: number;
}

/**
 * angles fits the plain head to the five points as an affine camera sees it
 * and reads yaw (positive to the person's left) and pitch (positive upwards)
 * in degrees; null where the points are no face.
 */
export function angles(points: readonly number[]): Angles | null {
  const inverse = headInverse();
  let mx = 0;
  let my = 0;
  for (let i = 0; i < 5; i++) {
    mx += points[2 * i]! / 5;
    my += points[2 * i + 1]! / 5;
  }
  const row1: [number, number, number] = [0, 0, 0];
  const row2: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < 5; i++) {
    for (let k = 0; k < 3; k++) {
      row1[k]! += inverse[k]![i]! * (points[2 * i]! - mx);
      row2[k]! += inverse[k]![i]! * (points[2 * i + 1]! - my);
    }
  }
  const s1 = Math.hypot(...row1);
  const s2 = Math.hypot(...row2);
  if (!(s1 > 1e-6) || !(s2 > 1e-6)) return null;
  const u = row1.map((v) => v / s1);
  const v = row2.map((x) => x / s2);
  // the third row: where the head's own forward axis points
  const z: [number, number, number] = [
    u[1]! * v[2]! - u[2]! * v[1]!,
    u[2]! * v[0]! - u[0]! * v[2]!,
    u[0]! * v[1]! - u[1]! * v[0]!,
  ];
  if (z[2] <= 0) return null;
  // forward axis of the head in the camera's frame: (u·z, v·z, z·z) of the unit forward vector
  const yaw = Math.atan2(u[2]!, z[2]);
  const pitch = -Math.atan2(v[2]!, z[2]);
  const degrees = 180 / Math.PI;
  const out = { yaw: yaw * degrees, pitch: pitch * degrees };
  return Number.isFinite(out.yaw) && Number.isFinite(out.pitch) ? out : null;
}

let cached: number[][] | null = null;

/** headInverse is the pseudo-inverse (3 × 5) of the centred head, computed once. */
function headInverse(): number[][] {
  if (cached) return cached;
  const c = [0, 1, 2].map((k) => head.reduce((s, p) => s + p[k]!, 0) / 5);
  const x = head.map((p) => [p[0] - c[0]!, p[1] - c[1]!, p[2] - c[2]!]);
  const m = [0, 1, 2].map((i) => [0, 1, 2].map((j) => x.reduce((s, p) => s + p[i]! * p[j]!, 0)));
  const inv = invert3(m);
  cached = inv.map((r) => x.map((p) => r[0]! * p[0]! + r[1]! * p[1]! + r[2]! * p[2]!));
  return cached;
}

function invert3(m: number[][]): number[][] {
  const [a, b, c] = m[0] as [number, number, number];
  const [d, e, f] = m[1] as [number, number, number];
  const [g, h, i] = m[2] as [number, number, number];
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    [(e * i - f * h) / det, (c * h - b * i) / det, (b * f - c * e) / det],
    [(f * g - d * i) / det, (a * i - c * g) / det, (c * d - a * f) / det],
    [(d * h - e * g) / det, (b * g - a * h) / det, (a * e - b * d) / det],
  ];
}
