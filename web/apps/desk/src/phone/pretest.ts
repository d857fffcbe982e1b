import { gradeOf, mosOf, type Figures, type Grade } from './figures';

/** The tests before work: a few seconds of the microphone, ten of the way to the centre. */
export const microphoneMS = 4000;
export const networkMS = 10_000;
export const sampleMS = 500;

/** Heard says whether the microphone brought a voice: its loudest moment, and whether it was ever silent. */
export type Heard = 'voice' | 'faint' | 'nothing';

export function heardOf(levels: readonly number[]): Heard {
  const peak = Math.max(0, ...levels);
  if (peak >= 0.5) return 'voice'; // -30 dB
  return peak >= 0.25 ? 'faint' : 'nothing';
}

export type Network = { tripMS: number; jitterMS: number; lost: number; mos: number; grade: Grade };

/** networkOf sums up the samples by their worst moment; null if the centre reported nothing. */
export function networkOf(samples: readonly Figures[]): Network | null {
  const known = samples.filter((s) => s.tripMS !== null);
  if (known.length === 0) return null;
  const worst = (of: (f: Figures) => number | null) => Math.max(0, ...known.map((f) => of(f) ?? 0));
  const tripMS = worst((f) => f.tripMS);
  const jitterMS = worst((f) => f.jitterMS);
  const lost = Math.max(worst((f) => f.sentLost), worst((f) => f.heardLost));
  const mos = mosOf(tripMS, jitterMS, lost);
  return { tripMS, jitterMS, lost, mos, grade: gradeOf(mos) };
}
