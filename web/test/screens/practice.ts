import type { Practice, PracticeChosen, PracticeRun } from '@sekisho/wire/practice';
import { connect } from './acts.ts';
import type { Scene } from './agent.ts';
import type { Visit } from './browser.ts';

// The practice work in the desk, with invented answers.

export const practiceApi = '/api/desk/v1/training/practice';
const runs = '/api/desk/v1/training/practice-runs/r/choices';

const title = { ja: '通話中に家族が部屋に入ってくる', en: 'A family member enters during a call' };

export const practiceOf = (asked: boolean): Practice => ({
  asked,
  done: false,
  soon: false,
  until: null,
  due: asked ? '2026-12-06T01:00:00Z' : null,
  scenarios: [
    { id: 'card-number', title: { ja: 'カード番号を話し始めるお客様', en: 'A caller who reads out his card number' }, about: { ja: '声で聞いてしまう前に止め、非対面入力フォームを送ります。', en: 'Stop the caller before the number is said, and send the sealed form.' }, turns: 3, done: '2026-11-20T01:00:00Z', open: false },
    { id: 'family-enters', title, about: { ja: '画面が黒くなったときに、何が起きていて何をするのかを練習します。', en: 'What happens when the screen turns black, and what you do.' }, turns: 3, done: null, open: true },
  ],
});

const run = (black: boolean, over = false): PracticeRun => ({
  id: 'r',
  scenario: 'family-enters',
  title,
  slips: over ? 1 : 0,
  turns: 3,
  card: {
    customer: { name: { ja: '架空 次郎', en: 'Jiro Kaku' }, phone: '070-****-**03', card: '**** **** **** **03', plan: { ja: '定期便（見本）', en: 'Subscription box (sample)' }, renewal: { ja: '****年7月**日', en: '****-7-**' } },
    verdict: 'verified',
    form: over ? 'received' : '',
  },
  turn: over
    ? null
    : {
        place: black ? 1 : 0,
        step: black ? 1 : 0,
        who: 'home',
        black,
        say: black
          ? { ja: '返事を待たずに家族が入ってきて、画面が黒くなりました。お客様とはつながっています。', en: 'Somebody comes in without waiting, and the screen turns black. The caller is still on the line.' }
          : { ja: '通話の途中で、扉の向こうから「ちょっといい」と声がしました。', en: 'During a call somebody says “May I?” behind the door.' },
        choices: [
          { ja: '手で画面を隠しながら「どうぞ」と言う', en: 'Cover the screen with your hand and say “Come in”' },
          { ja: 'お客様に保留をお願いし、「休憩」を押してから返事をする', en: 'Ask the caller to hold, press Break, and answer then' },
        ],
      },
});

const chosen = (right: boolean, over = false): PracticeChosen => ({
  right,
  why: right ? { ja: '「休憩」を押すと画面が閉じます。返事はそのあとです。', en: 'Break closes the screen. You answer after that.' } : { ja: '手では隠しきれません。先に「休憩」を押します。', en: 'A hand hides too little. Press Break first.' },
  rule: 'telework 2.2',
  run: right ? run(true, over) : run(false),
  done: over ? '2026-11-22T01:00:00Z' : null,
});

/** answers are those of the practice, for every scene that shows training. */
export const practiceAnswers: { [route: string]: unknown } = {
  [`GET ${practiceApi}`]: practiceOf(true),
  [`POST ${practiceApi}/family-enters/runs`]: run(false),
  [`POST ${runs}`]: chosen(true),
};

async function play(v: Visit): Promise<void> {
  await connect(v);
  await v.page.locator('.dk-practice .dk-training-row button').nth(1).click();
  await v.page.locator('.dk-practice-card, .dk-practice-black').waitFor();
}

/** choose goes by the keyboard alone: into the group, and Enter. */
async function choose(v: Visit): Promise<void> {
  await play(v);
  await v.page.locator('input[type="radio"]').first().focus();
  await v.page.keyboard.press('Space');
  await v.page.keyboard.press('Enter');
  await v.page.locator('.dk-quiz-why').waitFor();
}

type Shown = { name: string; scene: (s: Scene) => void; act: (v: Visit) => Promise<void>; see: string };

/** practiceShown are the screens of the practice; base sets the scene of training. */
export const practiceShown = (base: (more: { [route: string]: unknown }) => (s: Scene) => void): Shown[] => [
  { name: 'practice-turn', scene: base({}), act: play, see: '.dk-practice-card' },
  { name: 'practice-black', scene: base({ [`POST ${practiceApi}/family-enters/runs`]: run(true) }), act: play, see: '.dk-practice-black' },
  {
    name: 'practice-unanswered',
    scene: base({}),
    act: async (v) => {
      await play(v);
      await v.page.locator('.dk-quiz-form button[type="submit"]').click();
    },
    see: '.mantine-InputWrapper-error',
  },
  { name: 'practice-right', scene: base({}), act: choose, see: '.dk-quiz-right' },
  { name: 'practice-wrong', scene: base({ [`POST ${runs}`]: chosen(false) }), act: choose, see: '.dk-quiz-wrong' },
  {
    name: 'practice-result',
    scene: base({ [`POST ${runs}`]: chosen(true, true) }),
    act: async (v) => {
      await choose(v);
      await v.page.locator('.dk-quiz-form .dk-actions button').click();
    },
    see: '.dk-quiz .dk-actions',
  },
];
