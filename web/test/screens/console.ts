import { everything } from '../../apps/console/test/answers.ts';
import { close, work } from './acts.ts';
import type { Scene } from './agent.ts';
import type { Visit } from './browser.ts';
import type { Shown } from './states.ts';

// The console in the frame of the desk, as it ships, before recorded answers.

const door = '/api/console/v1';
const home = { person: '01930000-0000-7000-8000-000000000003', name: '見本 監督', passkey: true };
const signedOut = (passkey: boolean) => ({ state: 'signed_out', demo: false, expires: null, provider: '', home: { ...home, passkey } });

/** supervisor sits at this PC; the console answers her as somebody who is signed in, or not yet. */
const supervisor = (session?: object) => (scene: Scene) => {
  scene.me = { ...scene.me, person: { ...scene.me.person, name: home.name, console: true } };
  for (const [route, recorded] of Object.entries(everything('sv-mihon'))) {
    const [method, path] = route.split(' ');
    if (typeof recorded === 'object' && 'body' in recorded) scene.more.set(`${method} ${door}${path}`, recorded.body);
  }
  const asked = `GET ${door}/session`;
  scene.more.set(asked, session ?? { ...(scene.more.get(asked) as object), home });
};

const open = async (visit: Visit) => {
  await work(visit);
  await visit.page.getByRole('button', { name: /^(管理画面を開く|Open the console)$/ }).click();
};

/** inside waits for something in the frame. */
const inside = (selector: string) => async (visit: Visit) => {
  await open(visit);
  await visit.page.frameLocator('.dk-console iframe').locator(selector).first().waitFor();
};

export const consoleShown: Shown[] = [
  {
    name: 'console-start',
    scene: supervisor(),
    act: async (visit) => {
      await work(visit);
      await visit.page.getByRole('button', { name: /^(管理画面を開く|Open the console)$/ }).waitFor();
    },
    see: '[data-state="drawn"]',
  },
  { name: 'console-code', scene: supervisor(signedOut(false)), act: inside('input'), see: '.dk-console iframe' },
  { name: 'console-login', scene: supervisor(signedOut(true)), act: inside('input'), see: '.dk-console iframe' },
  {
    // A passkey is made in the sandboxed frame, under the agent's own policies.
    name: 'console-passkey',
    scene: (s) => {
      supervisor()(s);
      const asked = `GET ${door}/session`;
      s.more.set(`POST ${door}/home/passkey/finish`, s.more.get(asked));
      s.more.set(asked, signedOut(false));
      s.more.set(`POST ${door}/home/passkey/begin`, {
        ceremony: 'c',
        name: home.name,
        options: {
          publicKey: {
            challenge: 'AAAA', rp: { id: 'sekisho.localhost', name: '関所' }, user: { id: 'AQ', name: 'mihon', displayName: home.name },
            pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })), authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
          },
        },
      });
    },
    act: async (visit) => {
      const authenticator = await visit.context.newCDPSession(visit.page);
      await authenticator.send('WebAuthn.enable');
      await authenticator.send('WebAuthn.addVirtualAuthenticator', {
        options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
      });
      await inside('input')(visit);
      const frame = visit.page.frameLocator('.dk-console iframe');
      await frame.locator('input').fill('K7QXM-3RWZA-PLD5V-NHE2S');
      await frame.locator('button[type=submit]').click();
      await frame.locator('.co-body h1').first().waitFor();
      if (!JSON.stringify(visit.agent.bodies.get(`POST ${door}/home/passkey/finish`)).includes('attestationObject')) throw new Error('no passkey was made');
    },
    see: '.dk-console iframe',
  },
  { name: 'console-floor', scene: supervisor(), act: inside('.co-body h1'), see: '.dk-console iframe' },
  {
    name: 'console-refused',
    scene: (s) => {
      supervisor()(s);
      const ja = s.consent.language === 'ja';
      s.refuse.set('POST /local/v1/console', {
        status: 403,
        body: { type: 'tag:sekisho,2026:session.required', status: 403, code: 'session.required', title: ja ? '業務中ではありません。' : 'There is no session.', action: ja ? '本人認証を済ませてから、もう一度お試しください。' : 'Complete the face check and try again.' },
      });
    },
    act: open,
    see: '.dk-console .sk-problem',
  },
  {
    name: 'console-dim',
    scene: supervisor(),
    act: async (visit) => {
      await inside('.co-body h1')(visit);
      visit.agent.verdict({ state: 'absent', screen: 'dim', countdown: 3 });
    },
    see: '.dk-dim',
  },
  {
    name: 'console-black',
    scene: supervisor(),
    act: async (visit) => {
      await inside('.co-body h1')(visit);
      close(visit, 'onlooker');
      await visit.page.locator('.dk-black').waitFor();
      if ((await visit.page.locator('iframe').count()) > 0 || visit.page.frames().length > 1) throw new Error('the console is still there behind the black screen');
    },
    see: '.dk-black',
  },
];
