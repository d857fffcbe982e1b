import type { Phone, PhoneCall } from '@sekisho/wire/calls';
import { work } from './acts.ts';
import type { Scene } from './agent.ts';
import type { Visit } from './browser.ts';
import { me } from './scenes.ts';
import type { Shown } from './states.ts';

// The operator's telephone in every state, with invented calls.

const route = '/api/desk/v1/calls';
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

const idle: Phone = {
  state: 'ready', since: ago(95), next: '', line: 'ready', hand: false,
  queues: [{ id: 'q1', name: 'ご注文', waiting: 3 }, { id: 'q2', name: '配送のご確認', waiting: 0 }],
  call: null, wrap_up: null, consult: null,
  own: [{ number: '+81312345678', work: 'w1', name: 'ご注文窓口' }],
  reasons: [{ id: 'paperwork', text: { ja: '事務処理', en: 'Paperwork' } }, { id: 'other', text: { ja: 'その他', en: 'Something else' } }],
  may: [],
};

const call: PhoneCall = {
  id: 'c1', token: 0, until: null, direction: 'in', state: 'talking', queue: 'ご注文', work: 'ご注文窓口', number: '*******5678', level: 'little',
  said: [{ name: 'purpose', value: '注文の変更' }], since: ago(73), waited: 41, masked: false, recording: 'on', back: false, mos: 4.3,
};

const talking: Phone = { ...idle, state: 'talking', call, may: ['hold', 'transfer', 'consult', 'digit', 'hang_up', 'mask', 'pause'] };

const scene = (phone: Phone) => (s: Scene) => {
  s.me = { ...me };
  s.more.set(`GET ${route}`, phone);
  for (const path of ['act', 'state', 'dial', 'wrap-up', 'hand']) s.more.set(`POST ${route}/${path}`, { done: true });
};

async function more(v: Visit): Promise<void> {
  await work(v);
  await v.page.locator('.dk-call-acts button[aria-haspopup="menu"]').click();
  await v.page.locator('[role="menuitem"]').first().waitFor();
}

async function transfer(v: Visit): Promise<void> {
  await more(v);
  await v.page.locator('[role="menuitem"]').first().click();
  await v.page.locator('.dk-question select').waitFor();
}

export const callsShown: Shown[] = [
  { name: 'call-ready', scene: scene(idle), act: work, see: '.dk-call-own' },
  { name: 'call-out', scene: scene({ ...idle, state: 'out', line: 'none' }), act: work, see: '.dk-call-own' },
  { name: 'call-no-answer', scene: scene({ ...idle, state: 'no_answer' }), act: work, see: '.dk-call-hint' },
  { name: 'call-offer', scene: scene({ ...idle, state: 'offered', call: { ...call, state: 'offered', token: 7, until: new Date(Date.now() + 3_600_000).toISOString() }, may: ['answer', 'decline'] }), act: work, see: '.dk-offer' },
  { name: 'call-talking', scene: scene(talking), act: work, see: '.dk-call-facts' },
  { name: 'call-transfer', scene: scene(talking), act: transfer, see: '.dk-question' },
  { name: 'call-masked', scene: scene({ ...talking, call: { ...call, masked: true, recording: 'paused' }, may: ['unmask', 'record', 'hang_up'] }), act: work, see: '.dk-call-veil' },
  {
    name: 'call-consult',
    scene: scene({ ...talking, call: { ...call, state: 'consulting' }, consult: { name: '*******0000', state: 'talking' }, may: ['join', 'complete', 'back', 'hang_up'] }),
    act: work,
    see: '.dk-call-consult',
  },
  {
    name: 'call-wrap-up',
    scene: scene({ ...idle, state: 'wrap_up', wrap_up: { call: 'c1', until: new Date(Date.now() + 3_600_000).toISOString(), codes: [{ id: '完了', text: { ja: '完了', en: '完了' } }] } }),
    act: work,
    see: '.dk-wrap',
  },
];
