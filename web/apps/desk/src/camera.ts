import type { CameraFault } from './seat';

/** The picture that the models want: a face two metres away is still 45 pixels wide. */
const wanted: MediaStreamConstraints = {
  audio: false,
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, facingMode: 'user' },
};

/** CameraError says in one word why there is no picture. */
export class CameraError extends Error {
  readonly why: CameraFault;
  constructor(why: CameraFault) {
    super(`camera: ${why}`);
    this.name = 'CameraError';
    this.why = why;
  }
}

/** openCamera asks for the camera; it throws a CameraError. */
export async function openCamera(): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new CameraError('other');
  try {
    return await navigator.mediaDevices.getUserMedia(wanted);
  } catch (thrown) {
    throw new CameraError(faultOf(thrown));
  }
}

/** faultOf sorts what getUserMedia throws by what the operator can do about it. */
export function faultOf(thrown: unknown): CameraFault {
  const name = thrown instanceof Error ? thrown.name : '';
  switch (name) {
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

/** stopCamera switches the camera off: its light goes out. */
export function stopCamera(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
