/** Found is one face as a detector found it, in pixels of the frame. */
export interface Found {
  box: [number, number, number, number];
  score: number;
  points: number[];
}

/** Heads is what the detector's network answers, by stride. */
export type Heads = Record<string, { data: ArrayLike<number> }>;

const strides = [8, 16, 32];

/** decode reads YuNet's heads; sx and sy map its input to the frame. */
export function decode(heads: Heads, width: number, height: number, sx: number, sy: number, floor: number): Found[] {
  const out: Found[] = [];
  for (const s of strides) {
    const cols = width / s;
    const cells = cols * (height / s);
    const cls = heads[`cls_${s}`]!.data;
    const obj = heads[`obj_${s}`]!.data;
    const box = heads[`bbox_${s}`]!.data;
    const kps = heads[`kps_${s}`]!.data;
    for (let i = 0; i < cells; i++) {
      const score = Math.sqrt(unit(cls[i]!) * unit(obj[i]!));
      if (!(score >= floor)) continue;
      const cx = i % cols;
      const cy = Math.floor(i / cols);
      const x = (cx + box[4 * i]!) * s;
      const y = (cy + box[4 * i + 1]!) * s;
      const w = Math.exp(box[4 * i + 2]!) * s;
      const h = Math.exp(box[4 * i + 3]!) * s;
      const points: number[] = [];
      for (let k = 0; k < 5; k++) {
        points.push((kps[10 * i + 2 * k]! + cx) * s * sx, (kps[10 * i + 2 * k + 1]! + cy) * s * sy);
      }
      out.push({ box: [(x - w / 2) * sx, (y - h / 2) * sy, w * sx, h * sy], score, points });
    }
  }
  return suppress(out);
}

function unit(v: number): number {
  return Math.min(1, Math.max(0, v));
}

/** suppress keeps the best of overlapping boxes. */
export function suppress(found: Found[], overlap = 0.3): Found[] {
  const kept: Found[] = [];
  for (const f of found.sort((a, b) => b.score - a.score)) {
    if (!kept.some((k) => shared(k.box, f.box) > overlap)) kept.push(f);
  }
  return kept;
}

function shared(a: readonly number[], b: readonly number[]): number {
  const [ax, ay, aw, ah] = a as [number, number, number, number];
  const [bx, by, bw, bh] = b as [number, number, number, number];
  const w = Math.max(0, Math.min(ax + aw, bx + bw) - Math.max(ax, bx));
  const h = Math.max(0, Math.min(ay + ah, by + bh) - Math.max(ay, by));
  return (w * h) / (aw * ah + bw * bh - w * h);
}
