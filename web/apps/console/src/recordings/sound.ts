import { fetched } from '../api/client';

const rate = 8_000; // samples per second of a side
export const pieceLength = 10; // seconds that are fetched at once

/** linear is ITU-T G.711 μ-law as numbers from -1 to 1. */
const linear = Float32Array.from({ length: 256 }, (_, code) => {
  const u = ~code & 0xff;
  const value = (((u & 0x0f) << 3) + 0x84) << ((u & 0x70) >> 4);
  return ((u & 0x80) !== 0 ? 0x84 - value : value - 0x84) / 32_768;
});

/** decode reads a WAV of two μ-law sides, as the door sends it; another file is an error. */
export function decode(file: ArrayBuffer): [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>] {
  const view = new DataView(file);
  const word = (at: number) => view.getUint32(at, false);
  if (file.byteLength < 12 || word(0) !== 0x52494646 || word(8) !== 0x57415645) throw new Error('not a WAV file'); // RIFF, WAVE
  for (let at = 12; at + 8 <= file.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    if (word(at) === 0x666d7420 && (view.getUint16(at + 8, true) !== 7 || view.getUint16(at + 10, true) !== 2)) throw new Error('not μ-law of two sides'); // fmt
    if (word(at) === 0x64617461) return sides(new Uint8Array(file, at + 8, Math.min(size, file.byteLength - at - 8))); // data
    at += 8 + size + (size & 1);
  }
  throw new Error('a WAV file without sound');
}

function sides(both: Uint8Array): [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>] {
  const [left, right] = [new Float32Array(both.length >> 1), new Float32Array(both.length >> 1)];
  for (let i = 0; i < left.length; i++) {
    left[i] = linear[both[2 * i]!]!;
    right[i] = linear[both[2 * i + 1]!]!;
  }
  return [left, right];
}

/** Playback plays an opened recording in pieces. Nothing of it is kept once it has sounded. */
export class Playback {
  private context: AudioContext | null = null;
  private run = 0; // number of this play; another one ends those before
  private zero = 0; // when second 0 of the recording would have sounded, on the context's clock
  private sounding = new Set<AudioBufferSourceNode>();

  constructor(
    private readonly listening: string,
    private readonly seconds: number,
  ) {}

  /** at is which second is heard now. */
  at(): number {
    return this.context === null ? 0 : Math.min(this.seconds, Math.max(0, this.context.currentTime - this.zero));
  }

  /** play begins at a second and ends with the recording, or with stop. */
  async play(from: number): Promise<void> {
    this.stop();
    const run = this.run;
    const context = (this.context ??= new AudioContext());
    await context.resume();
    let next = 0;
    for (let at = Math.floor(from); at < this.seconds && run === this.run; at += pieceLength) {
      const file = await (await fetched(`/listening/${encodeURIComponent(this.listening)}?from=${at}&to=${at + pieceLength}`)).arrayBuffer();
      if (run !== this.run) return;
      const start = Math.max(next, context.currentTime + 0.05);
      const offset = next === 0 ? from - at : 0;
      this.zero = start - (at + offset);
      next = start + this.sound(context, decode(file), start, offset);
      while (run === this.run && next - context.currentTime > pieceLength / 2) await wait(100);
    }
    while (run === this.run && context.currentTime < next) await wait(100);
  }

  private sound(context: AudioContext, [left, right]: ReturnType<typeof decode>, start: number, offset: number): number {
    const buffer = context.createBuffer(2, Math.max(1, left.length), rate);
    buffer.copyToChannel(left, 0);
    buffer.copyToChannel(right, 1);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.onended = () => this.sounding.delete(source);
    this.sounding.add(source);
    source.start(start, offset);
    return buffer.duration - offset;
  }

  stop(): void {
    this.run++;
    for (const source of this.sounding) source.stop();
    this.sounding.clear();
  }

  close(): void {
    this.stop();
    void this.context?.close();
    this.context = null;
  }
}

const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
