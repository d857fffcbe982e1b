import { LineAnswer, LocalRelay, type LineOffer } from '@sekisho/wire/phone';
import { createClient } from '@sekisho/wire/http';
import { LocalBearer } from '@sekisho/wire/local';
import { takeEntry } from '../../apps/desk/src/entry';
import { hearReplaced } from '../../apps/desk/src/phone/events';
import { Line } from '../../apps/desk/src/phone/line';

// The desk's telephone without the desk around it: what test/story drives in a
// real browser, through a real relay and tunnel.

type Told = { states: string[]; problem: string; line: Line; energy(): Promise<number>; packets(): Promise<number> };
declare global {
  interface Window {
    phone: Told;
  }
}

let bearer = '';
const asks = { bearer: () => bearer, language: () => 'ja' };
const local = createClient({ base: '/local/v1/', ...asks });
const desk = createClient({ base: '/api/desk/v1/', ...asks });
const audio = new Audio();
audio.autoplay = true;
let last: RTCPeerConnection | null = null;

const states: string[] = [];
const line = new Line({
  relay: () => local.ask('POST', 'phone', LocalRelay),
  answer: (offer) => desk.ask('POST', 'calls/line', LineAnswer, { offer } satisfies LineOffer),
  peer: (config) => (last = new RTCPeerConnection(config)),
  told(state) {
    states.push(state.kind);
    if (state.kind === 'failed') window.phone.problem = state.problem.code;
    if (state.kind === 'silent') window.phone.problem = state.why;
  },
  heard(stream) {
    audio.srcObject = stream;
  },
});

async function inbound(what: (r: { totalAudioEnergy?: number; packetsReceived?: number }) => number | undefined): Promise<number> {
  for (const r of (await last?.getStats())?.values() ?? []) if (r.type === 'inbound-rtp') return what(r) ?? 0;
  return 0;
}

window.phone = { states, problem: '', line, energy: () => inbound((r) => r.totalAudioEnergy), packets: () => inbound((r) => r.packetsReceived) };
bearer = (await local.ask('POST', 'bearer', LocalBearer, { ticket: takeEntry().ticket })).bearer;
hearReplaced({
  url: `${window.location.origin.replace(/^http/, 'ws')}/api/desk/v1/events`,
  firstMessage: () => JSON.stringify({ bearer }),
  told: (id) => line.replaced(id),
});
document.title = 'ready';
