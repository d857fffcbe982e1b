import type { Found } from './detect.ts';
import type { Face } from '@sekisho/wire/local';
import { alignment, angles } from './geometry.ts';
import { sharpness } from './light.ts';
import type { Pixels } from './pixels.ts';
import { warp } from './pixels.ts';

/** Nets is what an engine can measure, whichever models do it. */
export interface Nets {
  readonly name: 'standard' | 'demo';
  /** detect finds faces; at least those of score floor */
  detect(p: Pixels): Promise<Found[]>;
  /** embed measures an aligned 112 × 112 face (RGB interleaved 0…255): 128 numbers of unit length */
  embed(rgb: Float32Array, p: Pixels, f: Found): Promise<Float32Array>;
  /** live measures one face: 0 a picture … 1 alive; null if this engine cannot */
  live(p: Pixels, f: Found): Promise<number | null>;
  close(): Promise<void>;
}

/** Plan says how much of a frame to measure. */
export interface Plan {
  embed: boolean;
  live: boolean;
}

/** The embedder's picture is 112 pixels wide. */
export const cropSize = 112;

const smallestEmbedded = 48; // pixels: below it an embedding says nothing
const mostEmbedded = 4; // faces a frame
const mostLive = 2;

/** measureFaces turns what the detector found into faces as the agent wants them. */
export async function measureFaces(nets: Nets, p: Pixels, found: Found[], plan: Plan): Promise<Face[]> {
  const bySize = [...found].sort((a, b) => b.box[2] - a.box[2]);
  const out: Face[] = [];
  for (const f of found) {
    const turned = angles(f.points);
    const face: Face = {
      box: f.box,
      score: Math.min(1, f.score),
      points: f.points as Face['points'],
      embedding: '',
      live: null,
      yaw: turned?.yaw ?? null,
      pitch: turned?.pitch ?? null,
      sharpness: 0,
    };
    const rank = bySize.indexOf(f);
    if (plan.embed && f.box[2] >= smallestEmbedded && rank < mostEmbedded) {
      const crop = new Float32Array(cropSize * cropSize * 3);
      warp(p, alignment(f.points), cropSize, crop);
      face.sharpness = sharpness(crop, cropSize);
      face.embedding = base64url(new Uint8Array((await nets.embed(crop, p, f)).buffer));
    }
    if (plan.live && f.box[2] >= smallestEmbedded && rank < mostLive) face.live = await nets.live(p, f);
    out.push(face);
  }
  return out;
}

/** unitLength scales to length 1; a vector of nothing stays as it is and is refused by the agent. */
export function unitLength(v: Float32Array): Float32Array {
  let n = 0;
  for (const x of v) n += x * x;
  n = Math.sqrt(n);
  return n > 0 ? v.map((x) => x / n) : v;
}

/** base64url without padding, as wire.Bytes. */
export function base64url(b: Uint8Array): string {
  let s = '';
  for (const x of b) s += String.fromCharCode(x);
  return btoa(s).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
