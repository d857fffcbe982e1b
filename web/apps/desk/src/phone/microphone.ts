/** MicrophoneFault is why there is no sound, in one word. */
export type MicrophoneFault = 'refused' | 'none' | 'busy' | 'other';

/** MicrophoneError carries it. */
export class MicrophoneError extends Error {
  readonly why: MicrophoneFault;
  constructor(why: MicrophoneFault) {
    super(`microphone: ${why}`);
    this.name = 'MicrophoneError';
    this.why = why;
  }
}

/** openMicrophone asks for one microphone, or the default one for ''; it throws a MicrophoneError. */
export async function openMicrophone(id: string): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new MicrophoneError('other');
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: false,
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1, ...(id === '' ? {} : { deviceId: { exact: id } }) },
    });
  } catch (thrown) {
    throw new MicrophoneError(microphoneFault(thrown));
  }
}

/** microphoneFault sorts what getUserMedia throws by what the operator can do about it. */
export function microphoneFault(thrown: unknown): MicrophoneFault {
  switch (thrown instanceof Error ? thrown.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'other';
  }
}

/** stopMicrophone lets it go. */
export function stopMicrophone(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Meter measures the level of a stream, 0 to 1, until it is closed. */
export type Meter = { level(): number; close(): void };

/** openMeter measures without sending the sound anywhere. */
export function openMeter(stream: MediaStream): Meter {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  const samples = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(stream).connect(analyser);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      return loudness(samples);
    },
    close: () => void context.close(),
  };
}

/** loudness is the RMS of samples on a scale of 60 dB: 0 is silence, 1 full scale. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const s of samples) sum += s * s;
  const db = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, 1 + db / 60));
}
