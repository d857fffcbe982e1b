import type { FaceEngine } from '@sekisho/face/engine';
import type { Frame } from '@sekisho/wire/local';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEyes, silentMS, type Eyes } from './eyes';
import type { CameraState } from './seat';

type Track = { stop: () => void; onended: (() => void) | null };

const track: Track = { stop: vi.fn(), onended: null };
const stream = { getTracks: () => [track], getVideoTracks: () => [track] } as unknown as MediaStream;

let give: ((frame: Frame) => void) | null = null;
let failed: () => void = () => {};
const engine = (): FaceEngine => ({
  engine: 'standard',
  watch: (_, onFrame) => void (give = onFrame),
  pace: vi.fn(),
  nonce: vi.fn(),
  features: vi.fn(),
  picture: vi.fn(async (id: number) => new Blob([String(id)])),
  unwatch: () => void (give = null),
  close: vi.fn(),
});
const frame = (id: number): Frame => ({
  id, age_ms: 1, width: 640, height: 480, faces: [], luma: 100, spread: 30, change: 1, muted: false, hidden: false, camera: 'c', took_ms: 1, nonce: '',
});

let eyes: Eyes;
let told: CameraState[];
let sent: number[];
const onSilent = vi.fn();
const makeEngine = vi.fn(async (_models: unknown, onFailed: () => void) => {
  failed = onFailed;
  return engine();
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: async () => stream } });
  told = [];
  sent = [];
  onSilent.mockReset();
  makeEngine.mockClear();
  eyes = createEyes({ makeEngine, onFrame: (f) => sent.push(f.id), told: (camera) => told.push(camera), onSilent });
});
afterEach(() => {
  eyes.off();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function open(): Promise<void> {
  eyes.on([]);
  await vi.advanceTimersByTimeAsync(0);
}

describe('eyes', () => {
  test('tell when they see', async () => {
    await open();
    expect(told.map((c) => c.kind)).toEqual(['starting', 'on']);
  });

  test('that are switched off while they open stay off', async () => {
    eyes.on([]);
    eyes.off();
    await vi.advanceTimersByTimeAsync(0);
    expect(told.map((c) => c.kind)).toEqual(['starting']);
    expect(track.stop).toHaveBeenCalled();
    expect(give).toBeNull();
  });

  test('keep one engine over a break, and stop the camera in it', async () => {
    await open();
    eyes.off();
    expect(track.stop).toHaveBeenCalled();
    expect(give).toBeNull();
    await open();
    expect(makeEngine).toHaveBeenCalledTimes(1);
  });

  test('give numbers that only grow, over a new engine too', async () => {
    await open();
    give?.(frame(1));
    give?.(frame(2));
    failed();
    expect(told.at(-1)).toEqual({ kind: 'failed', why: 'engine' });
    await open();
    give?.(frame(1));
    expect(sent).toEqual([1, 2, 3]);
    expect(await (await eyes.picture(3))?.text()).toBe('1');
    expect(await eyes.picture(2)).toBeNull();
  });

  test('say that a camera was pulled out', async () => {
    await open();
    track.onended?.();
    expect(told.at(-1)).toEqual({ kind: 'failed', why: 'lost' });
  });

  test('say that an engine that gives nothing has died', async () => {
    await open();
    give?.(frame(1));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told.at(-1)).toEqual({ kind: 'failed', why: 'engine' });
    expect(told.filter((c) => c.kind === 'on')).toHaveLength(1);
  });

  test('open a camera that gives no first picture once more, and only once', async () => {
    await open();
    await vi.advanceTimersByTimeAsync(6000);
    expect(told.map((c) => c.kind)).toEqual(['starting', 'on', 'on']);
    give?.(frame(1));
    expect(sent).toEqual([1]);
    eyes.off();
    told = [];
    await open();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(told.map((c) => c.kind)).toEqual(['starting', 'on', 'on', 'failed']);
  });

  test('that are switched off leave a silent camera alone', async () => {
    await open();
    eyes.off();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(told.map((c) => c.kind)).toEqual(['starting', 'on']);
  });

  test('notice an agent that answers no frame', async () => {
    await open();
    give?.(frame(1));
    await vi.advanceTimersByTimeAsync(silentMS + 1);
    expect(onSilent).not.toHaveBeenCalled();
    give?.(frame(2));
    expect(onSilent).toHaveBeenCalledTimes(1);
  });

  test('do not blame the agent for a page that stood still', async () => {
    await open();
    give?.(frame(1));
    eyes.heard(160);
    await vi.advanceTimersByTimeAsync(5000); // no frame in between
    give?.(frame(2));
    expect(onSilent).not.toHaveBeenCalled();
  });

  test('an engine that cannot start is a fault, and is tried anew', async () => {
    makeEngine.mockRejectedValueOnce(new Error('model.mismatch'));
    await open();
    expect(told.at(-1)).toEqual({ kind: 'failed', why: 'engine' });
    await open();
    expect(told.at(-1)).toMatchObject({ kind: 'on' });
  });
});
