import { ProblemError, ownProblem } from '@sekisho/wire/problem';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { replacedIn } from './events';
import { figuresOf, gradeOf, mosOf } from './figures';
import { devicesOf, mayOpen, wearingOf } from './headset';
import { Line, type LineParts, type LineState } from './line';
import { MicrophoneError, loudness, microphoneFault } from './microphone';
import { heardOf, networkOf } from './pretest';
import { outputOf, stillThere } from './useTelephone';

// Peer stands in for the browser's WebRTC, which the test environment has not; the
// real one is driven by test/story.
class Peer {
  static all: Peer[] = [];
  connectionState: RTCPeerConnectionState = 'new';
  onconnectionstatechange: (() => void) | null = null;
  localDescription = { sdp: 'offer' };
  closed = false;
  readonly tones: string[] = [];
  constructor(readonly config: RTCConfiguration) {
    Peer.all.push(this);
  }
  addTransceiver = () => ({ setCodecPreferences: () => undefined });
  createOffer = async () => ({});
  setLocalDescription = async () => undefined;
  setRemoteDescription = async () => undefined;
  getSenders = () => [{ dtmf: { canInsertDTMF: true, toneBuffer: '', insertDTMF: (t: string) => this.tones.push(t) } }];
  close(): void {
    this.closed = true;
  }
  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}

const track = { enabled: true, stopped: false, onended: null as (() => void) | null, stop: () => void (track.stopped = true) };
const stream = { active: true, getTracks: () => [track], getAudioTracks: () => [track] } as unknown as MediaStream;
let told: LineState['kind'][];
let parts: LineParts;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('RTCRtpReceiver', { getCapabilities: () => ({ codecs: [] }) });
  Peer.all = [];
  told = [];
  Object.assign(track, { enabled: true, stopped: false, onended: null });
  parts = {
    relay: async () => ({ urls: ['turn:127.0.0.1:1?transport=tcp'], username: 'u', credential: 'c' }),
    answer: async () => ({ line: `l${Peer.all.length}`, answer: 'v=0' }),
    told: (state) => told.push(state.kind),
    heard: () => undefined,
    microphone: async () => stream,
    peer: (config) => new Peer(config) as unknown as RTCPeerConnection,
  };
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('the page has no way but the agent’s relay', async () => {
  const line = new Line(parts);
  await line.open();
  expect(Peer.all[0]?.config).toMatchObject({ iceTransportPolicy: 'relay', iceServers: [{ urls: ['turn:127.0.0.1:1?transport=tcp'], username: 'u', credential: 'c' }] });
  Peer.all[0]?.become('connected');
  expect(told).toEqual(['closed', 'opening', 'open']);
  line.close();
  expect([Peer.all[0]?.closed, track.stopped, told.at(-1)]).toEqual([true, true, 'closed']);
});

test('what breaks is opened anew, and what took its place is not fought', async () => {
  const line = new Line(parts);
  await line.open();
  Peer.all[0]?.become('connected');
  Peer.all[0]?.become('failed');
  expect([told.at(-1), Peer.all[0]?.closed]).toEqual(['again', true]);
  await vi.advanceTimersByTimeAsync(600);
  Peer.all[1]?.become('connected');
  expect(told.at(-1)).toBe('open');
  line.replaced('l1'); // the older one's
  expect(told.at(-1)).toBe('open');
  line.replaced('l2');
  expect([told.at(-1), track.stopped]).toEqual(['elsewhere', true]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(Peer.all).toHaveLength(2);
});

test('a short loss of contact is waited for', async () => {
  const line = new Line(parts);
  await line.open();
  Peer.all[0]?.become('connected');
  Peer.all[0]?.become('disconnected');
  await vi.advanceTimersByTimeAsync(3000);
  Peer.all[0]?.become('connected');
  await vi.advanceTimersByTimeAsync(60_000);
  expect([Peer.all.length, told.at(-1)]).toEqual([1, 'open']);
});

test('a refusal ends it; other trouble is tried a few times', async () => {
  parts.relay = async () => {
    throw new ProblemError({ ...ownProblem('page.unreadable'), status: 403, code: 'session.required' });
  };
  await new Line(parts).open();
  expect(told.at(-1)).toBe('failed');
  let tries = 0;
  parts.relay = async () => {
    tries += 1;
    throw new ProblemError(ownProblem('page.unreachable'));
  };
  await new Line(parts).open();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([tries, told.at(-1)]).toEqual([5, 'failed']);
});

test('no microphone is said, and one that is pulled out ends the line', async () => {
  parts.microphone = async () => {
    throw new MicrophoneError('refused');
  };
  await new Line(parts).open();
  expect(told.at(-1)).toBe('silent');
  parts.microphone = async () => stream;
  await new Line(parts).open();
  Peer.all.at(-1)?.become('connected');
  track.onended?.();
  expect([told.at(-1), Peer.all.at(-1)?.closed]).toEqual(['silent', true]);
  expect([microphoneFault(new DOMException('', 'NotAllowedError')), microphoneFault(new DOMException('', 'NotFoundError')), microphoneFault(1)]).toEqual(['refused', 'none', 'other']);
});

test('muting and keys', async () => {
  const line = new Line(parts);
  line.mute(true);
  await line.open();
  expect(track.enabled).toBe(false);
  line.mute(false);
  expect(track.enabled).toBe(true);
  expect([line.sendDigit('5'), line.sendDigit('#'), line.sendDigit('55'), line.sendDigit('x'), line.sendDigit('')]).toEqual([true, true, false, false, false]);
  expect(Peer.all[0]?.tones).toEqual(['5', '#']);
});

test('names of devices tell what they can', () => {
  for (const name of ['Jabra Evolve2 30 Mono', 'Headset (Plantronics)', 'USBヘッドセット', 'イヤホン (Realtek)', 'AirPods']) expect(wearingOf(name), name).toBe('headset');
  for (const name of ['スピーカー (Realtek Audio)', 'HDMI Output', 'Built-in Speakers', 'Jabra Speakerphone']) expect(wearingOf(name), name).toBe('loudspeaker');
  expect(wearingOf('USB Audio Device')).toBe('unknown');
  expect([mayOpen('headset', false), mayOpen('loudspeaker', true), mayOpen('unknown', false), mayOpen('unknown', true)]).toEqual([true, false, false, true]);
  const found = devicesOf([
    { kind: 'audiooutput', deviceId: 'a', label: 'スピーカー' },
    { kind: 'audiooutput', deviceId: 'b', label: 'Headset' },
    { kind: 'audioinput', deviceId: 'c', label: 'Headset' },
    { kind: 'videoinput', deviceId: 'd', label: 'Camera' },
  ]);
  expect([found.outputs.map((d) => d.id), found.inputs.map((d) => d.id)]).toEqual([['b', 'a'], ['c']]);
});

test('what the PC is set to is judged like any other, and a headset that is pulled out is no headset', () => {
  const devices = devicesOf([
    { kind: 'audiooutput', deviceId: 'default', label: '既定 - スピーカー (Realtek)' },
    { kind: 'audiooutput', deviceId: 'h', label: 'USB Headset' },
  ]);
  expect(outputOf(devices, { input: '', output: '', said: true }).wearing).toBe('loudspeaker');
  const chosen = { input: '', output: 'h', said: true };
  expect(stillThere(devices, chosen)).toBe(chosen);
  expect(stillThere({ ...devices, outputs: devices.outputs.slice(1) }, chosen)).toMatchObject({ output: '', said: false });
});

test('figures are those of the report, and their MOS is the server’s', () => {
  const f = figuresOf([
    { type: 'media-source', audioLevel: 0.4 },
    { type: 'inbound-rtp', audioLevel: 0.2, packetsLost: 5, packetsReceived: 95, jitter: 0.004 },
    { type: 'remote-inbound-rtp', roundTripTime: 0.03, jitter: 0.01, fractionLost: 0 },
  ]);
  expect(f).toMatchObject({ microphone: 0.4, far: 0.2, tripMS: 30, sentLost: 0, heardLost: 0.05, jitterMS: 10 });
  expect(mosOf(0, 0, 0)).toBeCloseTo(4.4, 1);
  expect(mosOf(800, 0, 0)).toBeLessThan(3.5);
  expect(mosOf(0, 0, 0.05)).toBeLessThan(4.2);
  expect(figuresOf([]).mos).toBeNull();
  expect([gradeOf(4.2), gradeOf(3.5), gradeOf(2)]).toEqual(['good', 'fair', 'poor']);
});

test('the tests before work judge by the worst moment', () => {
  expect([heardOf([0.1, 0.6]), heardOf([0.3]), heardOf([])]).toEqual(['voice', 'faint', 'nothing']);
  const sample = { microphone: 0, far: 0, tripMS: 20, sentLost: 0, heardLost: null, jitterMS: 2, mos: 4.3 };
  expect(networkOf([sample, { ...sample, sentLost: 0.2 }])).toMatchObject({ lost: 0.2, grade: 'poor' });
  expect(networkOf([{ ...sample, tripMS: null }])).toBeNull();
  expect(loudness(new Float32Array(100))).toBe(0);
  expect(loudness(new Float32Array(100).fill(1))).toBe(1);
});

test('only the event of a line that lost its place is one', () => {
  expect(replacedIn('{"v":1,"seq":3,"type":"line.replaced","data":{"line":"l"}}')).toBe('l');
  for (const other of ['{"type":"session.ended","data":{}}', '{"type":"line.replaced","data":{}}', '{', 7]) expect(replacedIn(other)).toBe('');
});
