import { connect, missing, until } from './acts.ts';
import type { Scene } from './agent.ts';
import { me } from './scenes.ts';
import type { Shown } from './states.ts';

// A shared PC in the desk: who sits there is typed, and his face comes next.

const group = (scene: Scene): void => void (scene.status.shared = true);

const refused = (code: string, ja: [string, string], en: [string, string]) => (scene: Scene, language: string) => {
  group(scene);
  const [title, action] = language === 'ja' ? ja : en;
  Object.assign(scene.status, { code, title, action });
};

const notOne = refused(
  'shared.not_one',
  ['このログインIDでは、この共用PCを使えません。', '入力したログインIDを確かめてください。正しいときは、SVか管理者に、共用PCグループへの登録を確かめてください。'],
  ['This login ID cannot use this shared PC.', "Check what you entered. If it is right, ask your supervisor or administrator whether you are in the PC's group."],
);

export const sharedShown: Shown[] = [
  { name: 'shared-start', scene: group, see: 'form input' },
  { name: 'shared-typed', scene: group, act: async (v) => void (await v.page.locator('form input').fill('mihon.hanako')), see: '.dk-connect' },
  { name: 'shared-missing', scene: group, act: async (v) => void (await v.page.locator('.dk-connect').click()), see: 'input[aria-invalid="true"]' },
  { name: 'shared-refused', scene: notOne, see: '.sk-problem' },
  {
    name: 'shared-waiting',
    scene: group,
    act: async (v) => {
      await v.page.locator('form input').fill('ｍｉｈｏｎ．ｈａｎａｋｏ');
      await v.page.keyboard.press('Enter');
      await until(() => v.agent.asked.includes('POST /local/v1/connect'));
      v.agent.become({ phase: 'connecting', connection: 'c' });
    },
    see: '[aria-current="step"]',
  },
  {
    name: 'shared-consent',
    scene: (scene) => {
      group(scene);
      missing(['consent', 'face'])(scene);
    },
    act: async (v) => {
      await v.page.locator('form input').fill('mihon.hanako');
      await connect(v);
    },
    see: '.dk-consent',
  },
  {
    name: 'shared-consent-unproved',
    scene: (scene, language) => {
      group(scene);
      scene.me = { ...me, missing: ['consent'], person: { ...me.person, consented: false, lapsed: true } };
      const ja = language === 'ja';
      scene.refuse.set('POST /api/desk/v1/consent', {
        status: 410,
        body: {
          type: '', status: 410, code: 'shared.prove_first',
          title: ja ? '共用PCでは、本人だと確かめる前には行えません。' : 'On a shared PC this is not done before it is certain that it is you.',
          action: ja ? '本人認証をしてから、もう一度操作してください。本人認証ができないときは、パスキーとSVの承認で始めてください。' : "Log in with your face first, or with a passkey and your supervisor's approval, and try again.",
        },
      });
    },
    act: async (v) => {
      await v.page.locator('form input').fill('mihon.hanako');
      await connect(v);
      await v.page.locator('.dk-actions-even button').first().click();
    },
    see: '.sk-problem',
  },
  { name: 'consent-lapsed', scene: (scene) => void (scene.me = { ...me, missing: ['consent'], person: { ...me.person, consented: false, lapsed: true } }), act: connect, see: '.dk-caution' },
  {
    name: 'login-face-lost',
    act: async (v) => {
      await connect(v);
      await until(() => v.agent.heard.some((m) => m.type === 'login'));
      const ja = v.agent.scene.consent.language === 'ja';
      v.agent.say({
        type: 'login',
        login: {
          step: 'failed', good: 0, needed: 5, pose: '', hint: '', challenge: '',
          problem: {
            type: '', status: 403, code: 'vigil.not_enrolled', title: ja ? 'このPCには顔が登録されていません。' : 'No face is enrolled on this PC.',
            action: ja ? 'SVの立ち会いのもとで、顔を登録してください。' : 'Enrol your face with a supervisor as witness.',
          },
        },
      });
    },
    see: '.sk-problem',
  },
];
