/** Figures is how the line does, as far as the browser knows; null where nothing is known yet. */
export type Figures = {
  microphone: number; // level of what is sent, 0 to 1
  far: number; // level of what is heard, 0 to 1
  tripMS: number | null; // to the server and back, through the tunnel
  sentLost: number | null; // share of what was sent and did not arrive, 0 to 1
  heardLost: number | null;
  jitterMS: number | null; // the worse direction
  mos: number | null; // 1 to 4.5
};

export const noFigures: Figures = { microphone: 0, far: 0, tripMS: null, sentLost: null, heardLost: null, jitterMS: null, mos: null };

type Report = { type: string; kind?: string; audioLevel?: number; packetsLost?: number; packetsReceived?: number; jitter?: number; roundTripTime?: number; fractionLost?: number };

/** figuresOf reads RTCPeerConnection.getStats (W3C webrtc-stats). */
export function figuresOf(reports: Iterable<Report>): Figures {
  const f = { ...noFigures };
  const jitters: number[] = [];
  for (const r of reports) {
    switch (r.type) {
      case 'media-source':
        f.microphone = r.audioLevel ?? 0;
        break;
      case 'inbound-rtp':
        f.far = r.audioLevel ?? 0;
        if (r.packetsReceived) {
          f.heardLost = share(r.packetsLost ?? 0, r.packetsReceived);
          jitters.push((r.jitter ?? 0) * 1000);
        }
        break;
      case 'remote-inbound-rtp':
        f.sentLost = r.fractionLost ?? null;
        if (r.roundTripTime !== undefined) f.tripMS = r.roundTripTime * 1000;
        if (r.jitter !== undefined) jitters.push(r.jitter * 1000);
        break;
    }
  }
  if (jitters.length > 0) f.jitterMS = Math.max(...jitters);
  if (f.tripMS !== null) f.mos = mosOf(f.tripMS, f.jitterMS ?? 0, Math.max(f.sentLost ?? 0, f.heardLost ?? 0));
  return f;
}

function share(lost: number, received: number): number {
  return Math.max(0, lost) / (Math.max(0, lost) + received);
}

/** mosOf is calls.Quality.MOS: the E-model for G.711 (ITU-T G.107; G.113 appendix I: Ie 0, Bpl 25.1). */
export function mosOf(tripMS: number, jitterMS: number, lost: number): number {
  const ms = tripMS / 2 + 2 * jitterMS + 20;
  const delay = 0.024 * ms + (ms > 177.3 ? 0.11 * (ms - 177.3) : 0);
  const percent = 100 * lost;
  const r = 93.2 - delay - (95 * percent) / (percent + 25.1);
  if (r <= 0) return 1;
  if (r >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

/** Grade puts a MOS in words: 4 and more is what a telephone is expected to be. */
export type Grade = 'good' | 'fair' | 'poor';

export function gradeOf(mos: number): Grade {
  if (mos >= 4) return 'good';
  return mos >= 3.3 ? 'fair' : 'poor';
}
