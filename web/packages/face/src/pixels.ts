/** Pixels is a picture as canvases hold it: RGBA, eight bits a channel, rows from the top. */
export interface Pixels {
  data: Uint8ClampedArray | Uint8Array;
  width: number;
  height: number;
}

/** A map from target pixels to source pixels: x' = a·x − b·y + tx, y' = b·x + a·y + ty. */
export interface Similarity {
  a: number;
  b: number;
  tx: number;
  ty: number;
}

/** planar resizes to width × height and writes float planes, (v − mean)·scale, in RGB or BGR order. */
export function planar(
  p: Pixels,
  width: number,
  height: number,
  out: Float32Array,
  o: { bgr: boolean; mean: readonly [number, number, number]; scale: readonly [number, number, number] },
): void {
  if (p.width === width && p.height === height) {
    copyPlanes(p, out, o);
    return;
  }
  const sx = p.width / width;
  const sy = p.height / height;
  const plane = width * height;
  const d = p.data;
  const first = o.bgr ? 2 : 0;
  for (let y = 0, i = 0; y < height; y++) {
    const fy = Math.max(0, (y + 0.5) * sy - 0.5);
    const y0 = Math.min(p.height - 1, fy | 0);
    const y1 = Math.min(p.height - 1, y0 + 1);
    const wy = fy - y0;
    for (let x = 0; x < width; x++, i++) {
      const fx = Math.max(0, (x + 0.5) * sx - 0.5);
      const x0 = Math.min(p.width - 1, fx | 0);
      const x1 = Math.min(p.width - 1, x0 + 1);
      const wx = fx - x0;
      const k00 = (y0 * p.width + x0) * 4;
      const k01 = (y0 * p.width + x1) * 4;
      const k10 = (y1 * p.width + x0) * 4;
      const k11 = (y1 * p.width + x1) * 4;
      for (let c = 0; c < 3; c++) {
        const top = d[k00 + c]! * (1 - wx) + d[k01 + c]! * wx;
        const low = d[k10 + c]! * (1 - wx) + d[k11 + c]! * wx;
        const to = c === 1 ? 1 : c === 0 ? first : 2 - first;
        out[to * plane + i] = (top * (1 - wy) + low * wy - o.mean[c]!) * o.scale[c]!;
      }
    }
  }
}

function copyPlanes(
  p: Pixels,
  out: Float32Array,
  o: { bgr: boolean; mean: readonly [number, number, number]; scale: readonly [number, number, number] },
): void {
  const d = p.data;
  const plane = p.width * p.height;
  const r = o.bgr ? 2 * plane : 0;
  const b = o.bgr ? 0 : 2 * plane;
  const [mr, mg, mb] = o.mean;
  const [sr, sg, sb] = o.scale;
  for (let i = 0, k = 0; i < plane; i++, k += 4) {
    out[r + i] = (d[k]! - mr) * sr;
    out[plane + i] = (d[k + 1]! - mg) * sg;
    out[b + i] = (d[k + 2]! - mb) * sb;
  }
}

/** warp samples a square of side size through a similarity, RGB 0…255 interleaved; outside the picture is black. */
export function warp(p: Pixels, m: Similarity, size: number, out: Float32Array): void {
  const { data: d, width: w, height: h } = p;
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0; x < size; x++, i += 3) {
      const fx = m.a * x - m.b * y + m.tx;
      const fy = m.b * x + m.a * y + m.ty;
      const x0 = Math.floor(fx);
      const y0 = Math.floor(fy);
      if (x0 < -1 || y0 < -1 || x0 >= w || y0 >= h) {
        out[i] = out[i + 1] = out[i + 2] = 0;
        continue;
      }
      const wx = fx - x0;
      const wy = fy - y0;
      const in00 = x0 >= 0 && y0 >= 0 ? (1 - wx) * (1 - wy) : 0;
      const in01 = x0 + 1 < w && y0 >= 0 ? wx * (1 - wy) : 0;
      const in10 = x0 >= 0 && y0 + 1 < h ? (1 - wx) * wy : 0;
      const in11 = x0 + 1 < w && y0 + 1 < h ? wx * wy : 0;
      const k = (y0 * w + x0) * 4;
      for (let c = 0; c < 3; c++) {
        let v = 0;
        if (in00) v += in00 * d[k + c]!;
        if (in01) v += in01 * d[k + 4 + c]!;
        if (in10) v += in10 * d[k + 4 * w + c]!;
        if (in11) v += in11 * d[k + 4 * w + 4 + c]!;
        out[i + c] = v;
      }
    }
  }
}

/**
 * square cuts the square around a box, side times its longer edge, mirrored at
 * the picture's edges, resized to size: RGB 0…1 planes. It averages areas when
 * it shrinks and interpolates smoothly (Lanczos, four lobes) when it grows: the
 * detector of pictures looks at texture, and was trained on crops made so.
 */
export function square(p: Pixels, box: readonly number[], side: number, size: number, out: Float32Array): void {
  const [bx, by, bw, bh] = box as [number, number, number, number];
  const edge = Math.max(bw, bh) * side;
  const xs = taps(bx + bw / 2 - edge / 2, edge / size, size, p.width);
  const ys = taps(by + bh / 2 - edge / 2, edge / size, size, p.height);
  const rows = new Map<number, Float32Array>(); // source rows, resized across
  const plane = size * size;
  for (let y = 0; y < size; y++) {
    const { at, weight } = ys[y]!;
    const base = y * size;
    out.fill(0, base, base + size).fill(0, plane + base, plane + base + size).fill(0, 2 * plane + base, 2 * plane + base + size);
    at.forEach((from, j) => {
      let row = rows.get(from);
      if (!row) rows.set(from, (row = across(p, from, xs)));
      const w = weight[j]!;
      for (let x = 0, k = 0; x < size; x++, k += 3) {
        out[base + x]! += w * row[k]!;
        out[plane + base + x]! += w * row[k + 1]!;
        out[2 * plane + base + x]! += w * row[k + 2]!;
      }
    });
  }
  for (let i = 0; i < 3 * plane; i++) out[i] = unit(out[i]!);
}

/** across resizes one source row, RGB interleaved. */
function across(p: Pixels, y: number, xs: readonly Taps[]): Float32Array {
  const row = new Float32Array(xs.length * 3);
  const start = y * p.width;
  xs.forEach(({ at, weight }, x) => {
    let r = 0;
    let g = 0;
    let b = 0;
    for (let k = 0; k < at.length; k++) {
      const s = (start + at[k]!) * 4;
      const w = weight[k]!;
      r += w * p.data[s]!;
      g += w * p.data[s + 1]!;
      b += w * p.data[s + 2]!;
    }
    row[3 * x] = r;
    row[3 * x + 1] = g;
    row[3 * x + 2] = b;
  });
  return row;
}

function unit(v: number): number {
  return Math.min(255, Math.max(0, v)) / 255;
}

interface Taps {
  at: number[];
  weight: number[];
}

/** taps says which source pixels make each target pixel of one axis, and how much of each. */
function taps(from: number, step: number, size: number, limit: number): Taps[] {
  const reach = step <= 1 ? 4 : step / 2;
  const out: Taps[] = [];
  for (let i = 0; i < size; i++) {
    const middle = from + (i + 0.5) * step - 0.5;
    const at: number[] = [];
    const weight: number[] = [];
    let sum = 0;
    for (let s = Math.ceil(middle - reach - 0.5); s <= Math.floor(middle + reach + 0.5); s++) {
      const w = step <= 1 ? lanczos(s - middle) : Math.min(s + 0.5, middle + reach) - Math.max(s - 0.5, middle - reach);
      if (w === 0 || (step > 1 && w < 0)) continue;
      at.push(mirror(s, limit));
      weight.push(w);
      sum += w;
    }
    out.push({ at, weight: weight.map((w) => w / sum) });
  }
  return out;
}

function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= 4) return 0;
  const a = Math.PI * x;
  return (4 * Math.sin(a) * Math.sin(a / 4)) / (a * a);
}

function mirror(i: number, n: number): number {
  if (n === 1) return 0;
  const period = 2 * (n - 1);
  const m = ((i % period) + period) % period;
  return m < n ? m : period - m;
}
