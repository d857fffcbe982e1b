import type { State } from '@sekisho/wire/states';
import { close, connect, missing, until, work } from './acts.ts';
import type { Scene } from './agent.ts';
import type { Visit } from './browser.ts';
import { badPosture, me } from './scenes.ts';
import { consoleShown } from './console.ts';
import { callsShown } from './calls.ts';
import { roomShown } from './room.ts';
import { sharedShown } from './shared.ts';
import { trainingShown } from './training.ts';

/** Shown is one screen in one state: how the scene begins, how to get there, and what must then be in view. */
export type Shown = {
  name: string;
  scene?: (scene: Scene, language: string) => void;
  act?: (visit: Visit) => Promise<void>;
  see: string;
  noCamera?: boolean;
};

const looking = { step: 'looking' as const, good: 2, needed: 5, pose: '' as const, hint: 'closer' as const, challenge: '' as const, problem: null };

const black = (state: State): Shown => ({
  name: `black-${state}`,
  act: async (visit) => {
    await work(visit);
    close(visit, state);
    await visit.page.locator('.dk-black').waitFor();
    if (state === 'onlooker') {
      await until(() => visit.agent.heard.filter((m) => m.type === 'login').length > 1);
      visit.agent.say({ type: 'login', login: { ...looking, good: 0, hint: 'alone' } });
    }
  },
  see: '.dk-black',
});

const problem = (ja: string, jaDo: string, en: string, enDo: string, code: string) => (language: string) => ({
  type: `tag:sekisho,2026:${code}`,
  status: 409,
  code,
  title: language === 'ja' ? ja : en,
  action: language === 'ja' ? jaDo : enDo,
});

const unreachable = problem('サーバーに接続できません。', 'ネットワークの接続を確かめてから、もう一度接続してください。', 'The server cannot be reached.', 'Check your network, then connect again.', 'uplink.unreachable');
const used = problem('この鍵はもう使えません。', 'オペレーター画面を開き直してください。', 'This key has been used.', 'Open the desk again.', 'local.ticket_used');
const timeout = problem('時間内に本人を確認できませんでした。', 'カメラの正面に座り、明るい場所でもう一度お試しください。', 'You could not be confirmed in time.', 'Sit before the camera in good light and try again.', 'vigil.login_timeout');

const posture = problem('PCの安全状態が、検知ポリシーの求める条件を満たしていません。', '下の項目を直してから、もう一度お試しください。直せないときは管理者に連絡してください。', 'This PC is not in the state that its policy asks for.', 'Put right what is listed below and try again; tell your administrator if you cannot.', 'posture.refused');

const cleared = problem('このPCのTPMが初期化され、鍵が失われました。', '「登録し直す」を押し、管理者の承認を受けてください。新しい登録コードは要りません。', "This PC's TPM was cleared and has lost its key.", 'Press Enrol again and have your administrator approve it. No new code is needed.', 'device.tpm_cleared');

export const shown: Shown[] = [
  { name: 'ticket', act: async ({ page, agent }) => void (await page.goto(`${agent.origin}/?again`)), see: '.dk-command' },
  {
    name: 'refused',
    scene: (s, l) => s.refuse.set('POST /local/v1/bearer', { status: 410, body: used(l) }),
    see: '.sk-problem',
  },
  { name: 'unenrolled', scene: (s) => void (s.status.phase = 'unenrolled'), see: '.dk-command' },
  {
    name: 'key-lost',
    scene: (s, l) => Object.assign(s.status, { phase: 'unenrolled', again: true, code: 'device.tpm_cleared', title: cleared(l).title, action: cleared(l).action }),
    see: '.dk-actions',
  },
  {
    name: 'pending',
    scene: (s) => Object.assign(s.status, { phase: 'pending', fingerprint: '3f9a-07c2-e815-b64d-90af' }),
    see: '.dk-fingerprint',
  },
  { name: 'start', see: '.dk-connect' },
  {
    name: 'start-problem',
    scene: (s, l) => Object.assign(s.status, { code: 'uplink.unreachable', title: unreachable(l).title, action: unreachable(l).action }),
    see: '.sk-problem',
  },
  { name: 'start-tier-c', scene: (s) => Object.assign(s.status, { tier: 'C', engine: 'demo' }), see: '.sk-strip' },
  { name: 'connecting', act: async (v) => { await v.page.locator('.dk-connect').click(); v.agent.become({ phase: 'connecting', connection: 'c' }); }, see: '[aria-current="step"]' },
  { name: 'consent', scene: missing(['consent', 'face']), act: connect, see: '.dk-consent' },
  {
    name: 'consent-refused',
    scene: missing(['consent', 'face']),
    act: async (v) => {
      await connect(v);
      await v.page.locator('.dk-actions-even button').first().click();
      await v.page.locator('.dk-consent').waitFor({ state: 'detached' });
    },
    see: '.dk-actions',
  },
  ...trainingShown,
  ...consoleShown,
  ...sharedShown,
  ...callsShown,
  ...roomShown,
  { name: 'witness', scene: missing(['face']), act: connect, see: '.dk-actions' },
  { name: 'witness-code', scene: missing(['face']), act: async (v) => { await connect(v); await v.page.locator('.dk-actions button').click(); }, see: '.dk-code' },
  {
    name: 'witness-video',
    scene: missing(['face']),
    act: async (v) => {
      v.agent.scene.more.set(`GET /api/desk/v1/witness/${v.agent.scene.approval.id}`, { state: 'taken', run: 'r-1', witness: '見本 監督', needed: true, reason: '', problem: null });
      await connect(v);
      await v.page.locator('.dk-actions button').click();
    },
    see: '.dk-agree',
  },
  {
    name: 'witness-video-wait',
    scene: missing(['face']),
    act: async (v) => {
      v.agent.scene.more.set(`GET /api/desk/v1/witness/${v.agent.scene.approval.id}`, { state: 'none', run: '', witness: '', needed: true, reason: '', problem: null });
      await connect(v);
      await v.page.locator('.dk-actions button').click();
    },
    see: '.dk-code-wait',
  },
  {
    name: 'witness-refused',
    scene: (s) => { missing(['face'])(s); s.approval.state = 'refused'; },
    act: async (v) => { await connect(v); await v.page.locator('.dk-actions button').click(); },
    see: '.sk-problem',
  },
  {
    name: 'enrol',
    scene: (s) => { missing(['face'])(s); s.approval.state = 'approved'; },
    act: async (v) => {
      await connect(v);
      await v.page.locator('.dk-actions button').click();
      await until(() => v.agent.heard.some((m) => m.type === 'enrol'));
      v.agent.say({ type: 'enrol', enrol: { ...looking, good: 1, needed: 5, pose: 'left', hint: 'turn_left' } });
      await until(() => v.agent.heard.some((m) => m.type === 'pose'));
    },
    see: '.dk-pose-now',
  },
  {
    name: 'login',
    act: async (v) => {
      await connect(v);
      await until(() => v.agent.heard.some((m) => m.type === 'login'));
      v.agent.say({ type: 'login', login: { ...looking, good: 3 } });
    },
    see: '.dk-prompt-hint >> text=/./',
  },
  {
    name: 'login-challenge',
    act: async (v) => {
      await connect(v);
      await until(() => v.agent.heard.some((m) => m.type === 'login'));
      v.agent.say({ type: 'login', login: { ...looking, step: 'challenge', good: 5, hint: '', challenge: 'turn_left' } });
    },
    see: '.dk-prompt-tag',
  },
  {
    name: 'login-failed',
    act: async (v) => {
      await connect(v);
      await until(() => v.agent.heard.some((m) => m.type === 'login'));
      v.agent.say({ type: 'login', login: { ...looking, step: 'failed', hint: '', problem: timeout(v.agent.scene.consent.language) } });
    },
    see: '.sk-problem',
  },
  {
    name: 'posture-refused',
    scene: (s, l) => void (s.posture = badPosture(l, true)),
    act: async (v) => {
      await connect(v);
      await until(() => v.agent.heard.some((m) => m.type === 'login'));
      v.agent.say({ type: 'login', login: { ...looking, step: 'failed', good: 0, hint: '', problem: posture(v.agent.scene.consent.language) } });
    },
    see: '.dk-posture li',
  },
  {
    name: 'posture-warned',
    scene: (s, l) => void (s.posture = badPosture(l, false)),
    act: async (v) => {
      await work(v);
      await v.page.locator('.dk-posture-strip button').click();
    },
    see: '.dk-posture-strip li',
  },
  {
    name: 'posture-closed',
    scene: (s, l) => void (s.posture = badPosture(l, true)),
    act: async (v) => {
      await work(v);
      const ja = v.agent.scene.consent.language === 'ja';
      v.agent.become({
        phase: 'black', session: '', code: 'posture.closed',
        title: ja ? 'PCの安全状態が検知ポリシーの条件を満たさなくなったため、接続を閉じました。' : 'The connection was closed because this PC is no longer in the state that its policy asks for.',
        action: ja ? '表示された項目を直してから、もう一度本人認証をしてください。' : 'Put right what is listed and do the face check again.',
      });
    },
    see: '.dk-black .dk-posture li',
  },
  { name: 'camera-none', act: connect, see: '.dk-camera-problem', noCamera: true },
  { name: 'approved', scene: (s) => void (s.me = { ...me, person: { ...me.person, face_usable: false } }), act: connect, see: '.dk-choices' },
  {
    name: 'register',
    scene: (s) => void (s.me = { ...me, person: { ...me.person, face_usable: false } }),
    act: async (v) => { await connect(v); await v.page.locator('.dk-aside button').click(); },
    see: '.dk-actions',
  },
  { name: 'work', act: work, see: '[data-state="drawn"]' },
  {
    name: 'work-demo-tabs',
    scene: (s, l) => {
      s.me = { ...s.me, demo: true };
      Object.assign(s.status, { tier: 'C', engine: 'demo' });
      s.desktops.push({ id: '01930000-0000-7000-8000-00000000000b', name: l === 'ja' ? '折り返し窓口' : 'Callback desk' });
    },
    act: work,
    see: '[data-state="drawn"]',
  },
  { name: 'work-none', scene: (s) => void (s.desktops = []), act: (v) => work(v, false), see: '.dk-work-notice' },
  { name: 'work-unsure', act: async (v) => { await work(v); v.agent.verdict({ state: 'unsure', hint: 'turn_to_camera' }); }, see: '.dk-guard-attention' },
  { name: 'dim', act: async (v) => { await work(v); v.agent.verdict({ state: 'absent', screen: 'dim', countdown: 3 }); }, see: '.dk-dim' },
  {
    name: 'records',
    act: async (v) => {
      await work(v);
      await openRecords(v);
    },
    see: '.dk-record',
  },
  {
    name: 'records-objection',
    act: async (v) => {
      await work(v);
      await openRecords(v);
      await v.page.locator('.dk-record button').first().click();
    },
    see: '.dk-objection',
  },
  {
    name: 'records-none',
    scene: (s) => void Object.assign(s, { records: [], recordsBefore: 0 }),
    act: async (v) => {
      await work(v);
      await openRecords(v);
    },
    see: '.dk-empty',
  },
  { name: 'end-question', act: async (v) => { await work(v); await openEnd(v); }, see: '[role="dialog"]' },
  ...(['onlooker', 'other', 'absent', 'covered', 'spoof', 'unsure', 'lost'] as const).map(black),
  {
    name: 'black-server',
    act: async (v) => {
      await work(v);
      const ja = v.agent.scene.consent.language === 'ja';
      v.agent.become({
        phase: 'quarantine', session: '', code: 'session.closed',
        title: ja ? 'SVが接続を終了しました。' : 'A supervisor ended the session.',
        action: ja ? 'SVに連絡してください。' : 'Call your supervisor.',
      });
    },
    see: '.dk-black',
  },
  { name: 'break', act: async (v) => { await work(v); await v.page.locator('.dk-head-end button').first().click(); v.agent.become({ phase: 'break', session: '', state: 'break' }); }, see: '.dk-break' },
];

async function openRecords({ page }: Visit): Promise<void> {
  await choose(page, 1, 0);
}

async function openEnd({ page }: Visit): Promise<void> {
  await choose(page, -1, 4);
}

/** choose presses a header button (-1 is the last), in the menu where the header is narrow. */
async function choose(page: Visit['page'], wide: number, item: number): Promise<void> {
  const buttons = page.locator('.dk-head-end button');
  if ((await buttons.count()) > 2) return buttons.nth(wide).click();
  await buttons.nth(1).click();
  await page.locator('[role="menuitem"]').nth(item).click();
}
