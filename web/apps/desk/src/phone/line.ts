import type { LineAnswer, LocalRelay } from '@sekisho/wire/phone';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { figuresOf, noFigures, type Figures } from './figures';
import { MicrophoneError, openMicrophone, stopMicrophone, type MicrophoneFault } from './microphone';

/** LineState is the operator's telephone as the page shows it. */
export type LineState =
  | { kind: 'closed' }
  | { kind: 'opening' }
  | { kind: 'open' }
  | { kind: 'again' } // it broke, and is opened anew by itself
  | { kind: 'elsewhere' } // the same person opened it in another place
  | { kind: 'silent'; why: MicrophoneFault }
  | { kind: 'failed'; problem: Problem };

export type LineParts = {
  relay(): Promise<LocalRelay>;
  answer(offer: string): Promise<LineAnswer>;
  told(state: LineState): void;
  /** heard hands over what the far end says, once for each connection. */
  heard(stream: MediaStream): void;
  microphone?: (id: string) => Promise<MediaStream>;
  peer?: (config: RTCConfiguration) => RTCPeerConnection;
};

/** How long a connection may take, and how long the page waits before the next one. */
const connectMS = 10_000;
const againMS = [500, 1500, 4000, 8000];
/** An ICE that lost contact may come back by itself for so long. */
const patienceMS = 4000;

const keys = /^[0-9*#A-D]$/;

/**
 * Line is one WebRTC connection to the centre, kept open until it is closed. It
 * goes over the agent's relay and nowhere else.
 */
export class Line {
  private readonly parts: Required<LineParts>;
  private pc: RTCPeerConnection | null = null;
  private stream: MediaStream | null = null;
  private id = '';
  private wanted = false;
  private muted = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private input = '';
  private round = 0; // of dialling: what belongs to an older one is dropped

  constructor(parts: LineParts) {
    this.parts = { microphone: openMicrophone, peer: (config) => new RTCPeerConnection(config), ...parts };
  }

  /** open asks for the microphone and connects; states tell how it goes. */
  async open(input = ''): Promise<void> {
    this.close();
    this.wanted = true;
    this.tries = 0;
    this.input = input;
    this.parts.told({ kind: 'opening' });
    await this.dial();
  }

  /** close ends it and lets the microphone go. */
  close(): void {
    this.end({ kind: 'closed' });
  }

  /** replaced is the server's word that line id lost its place to another page. */
  replaced(id: string): void {
    if (this.wanted && id !== '' && id === this.id) this.end({ kind: 'elsewhere' });
  }

  /** mute sends silence in place of the microphone. */
  mute(muted: boolean): void {
    this.muted = muted;
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  /** sendDigit presses a key of the telephone; false if it cannot be sent now. */
  sendDigit(key: string): boolean {
    const dtmf = this.pc?.getSenders()[0]?.dtmf;
    if (!keys.test(key) || !dtmf || dtmf.canInsertDTMF === false) return false;
    dtmf.insertDTMF(dtmf.toneBuffer + key, 120, 70);
    return true;
  }

  async figures(): Promise<Figures> {
    if (!this.pc) return noFigures;
    const reports = await this.pc.getStats();
    return figuresOf([...reports.values()]);
  }

  private end(state: LineState): void {
    this.wanted = false;
    this.hangUp();
    stopMicrophone(this.stream);
    this.stream = null;
    this.parts.told(state);
  }

  private hangUp(): void {
    this.round++;
    clearTimeout(this.timer);
    this.pc?.close();
    this.pc = null;
    this.id = '';
  }

  private async dial(): Promise<void> {
    this.hangUp();
    const round = this.round;
    const current = () => this.wanted && this.round === round;
    try {
      if (!this.stream?.active) {
        const stream = await this.parts.microphone(this.input);
        if (!current()) return stopMicrophone(stream);
        this.stream = stream;
        this.mute(this.muted);
      }
      const relay = await this.parts.relay();
      if (!current()) return;
      const pc = this.connect(relay, this.stream, current);
      await pc.setLocalDescription(await pc.createOffer());
      const { line, answer } = await this.parts.answer(pc.localDescription?.sdp ?? '');
      if (!current()) return;
      this.id = line;
      await pc.setRemoteDescription({ type: 'answer', sdp: answer });
      if (current()) this.timer = setTimeout(() => this.again(), connectMS);
    } catch (thrown) {
      if (!current()) return;
      if (thrown instanceof MicrophoneError) return this.end({ kind: 'silent', why: thrown.why });
      const problem = problemOf(thrown);
      if (problem.status === 403 || this.tries >= againMS.length) return this.end({ kind: 'failed', problem });
      this.again();
    }
  }

  private connect(relay: LocalRelay, stream: MediaStream, current: () => boolean): RTCPeerConnection {
    const pc = this.parts.peer({
      iceServers: [{ urls: relay.urls, username: relay.username, credential: relay.credential }],
      iceTransportPolicy: 'relay',
      bundlePolicy: 'max-bundle',
      rtcpMuxPolicy: 'require',
    });
    this.pc = pc;
    pc.ontrack = (event) => {
      if (current()) this.parts.heard(event.streams[0] ?? new MediaStream([event.track]));
    };
    pc.onconnectionstatechange = () => {
      if (current()) this.changed(pc.connectionState);
    };
    for (const track of stream.getAudioTracks()) {
      track.onended = () => {
        if (current()) this.end({ kind: 'silent', why: 'none' }); // the headset was pulled
      };
      prefer(pc.addTransceiver(track, { direction: 'sendrecv', streams: [stream] }));
    }
    return pc;
  }

  private changed(state: RTCPeerConnectionState): void {
    clearTimeout(this.timer);
    switch (state) {
      case 'connected':
        this.tries = 0;
        return this.parts.told({ kind: 'open' });
      case 'disconnected':
        this.parts.told({ kind: 'again' });
        this.timer = setTimeout(() => this.again(), patienceMS);
        return;
      case 'failed':
      case 'closed':
        return this.again();
      default:
        this.timer = setTimeout(() => this.again(), connectMS);
    }
  }

  /** again dials anew after a while; each time in a row it waits longer. */
  private again(): void {
    if (!this.wanted) return;
    this.hangUp();
    this.parts.told({ kind: 'again' });
    this.timer = setTimeout(() => void this.dial(), againMS[Math.min(this.tries++, againMS.length - 1)]);
  }
}

/** prefer offers G.711 and keys alone: nothing else goes through a telephone. */
function prefer(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
  const order = ['audio/pcmu', 'audio/pcma', 'audio/telephone-event'];
  const ours = codecs.filter((c) => order.includes(c.mimeType.toLowerCase()) && c.clockRate === 8000);
  ours.sort((a, b) => order.indexOf(a.mimeType.toLowerCase()) - order.indexOf(b.mimeType.toLowerCase()));
  if (ours.length > 0) transceiver.setCodecPreferences(ours);
}
