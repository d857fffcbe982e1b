import type { RuleDocument, Training, TrainingAnswered, TrainingAttempt, TrainingDocument } from '@sekisho/wire/training';
import { connect, work } from './acts.ts';
import type { Scene } from './agent.ts';
import type { Visit } from './browser.ts';
import { practiceAnswers, practiceShown } from './practice.ts';
import { me } from './scenes.ts';
import type { Shown } from './states.ts';

// The course, the quiz and the rules in the desk, with invented answers.

const api = '/api/desk/v1/training';
const id = '01930000-0000-7000-8000-0000000000c1';

const attempt = (answered: number): TrainingAttempt => ({
  id,
  asked: 15,
  answered,
  right: answered,
  question: {
    place: answered,
    text: { ja: '宅配便を受け取るため、1分だけ席を立ちます。', en: 'You leave the seat for one minute to take a parcel.' },
    options: [
      { ja: '画面の明るさを下げてから立つ。', en: 'I turn the brightness down before I get up.' },
      { ja: '「休憩」を押してから立つ。', en: 'I press Break before I get up.' },
      { ja: '1分なら何もしなくてよい。', en: 'For one minute nothing has to be done.' },
    ],
    several: false,
  },
});

const explain = {
  ja: '短い離席でも、その間に誰かが座れば画面が見えます。「休憩」を押せば、すぐに接続が閉じます。',
  en: 'Even in a short absence somebody may sit down. Break closes the connection at once.',
};

const told = (correct: boolean, over: boolean): TrainingAnswered => ({
  correct,
  right: [correct ? 1 : 0],
  explain,
  rule: 'telework 4.1',
  attempt: over ? { ...attempt(14), answered: 15, right: 13, question: null } : attempt(4),
  result: over ? { passed: true, percent: 86, until: '2027-11-22T01:00:00Z', retry_at: null } : null,
});

const document = (name: string, level: TrainingDocument['level'], ja: string, en: string, required = true, done: string | null = null): TrainingDocument => ({
  id: name, level, title: { ja, en }, version: 2, required, done, due: '2026-12-06T01:00:00Z',
});
const telework = document('telework', 'procedure', 'テレワーク実施要領', 'Working from home: the daily rules');

const training = (answered: number): Training => ({
  courses: [
    {
      id: 'home',
      title: { ja: '在宅勤務の情報セキュリティ', en: 'Information security when working at home' },
      questions: 15,
      pass_percent: 80,
      pause_s: 600,
      done: false,
      soon: false,
      until: null,
      due: '2026-12-06T01:00:00Z',
      retry_at: null,
      attempt: answered > 0 ? attempt(answered) : null,
    },
  ],
  documents: [
    document('policy', 'policy', '情報セキュリティ基本方針（在宅勤務）', 'Information security policy for work at home', true, '2026-11-20T01:00:00Z'),
    document('standard', 'standard', '在宅勤務 情報セキュリティ対策基準', 'Security standard for work at home'),
    telework,
    document('pledge', 'procedure', '在宅勤務に関する誓約書', 'Pledge for work at home'),
    document('family', 'procedure', 'ご家族へのご案内', 'A note to the family', false),
  ],
});

const read: RuleDocument = {
  document: telework,
  body: {
    ja: 'この要領は、自宅で業務を行うときに守ることを定めます。\n\n## 4 離席、休憩、終業\n4.1 席を立つときは、短い時間でも「休憩」を押します。\n4.2 休憩中はカメラが止まり、接続が閉じます。\n',
    en: 'What is done and not done when working at home.\n\n## 4 Away, breaks, end of work\n4.1 Whenever you leave the seat, even briefly, press Break.\n4.2 During a break the camera is off and the connection closed.\n',
  },
  since: 1,
  changes: {
    ja: [{ op: 'removed', text: '4.1 席を立つときは「休憩」を押します。' }, { op: 'added', text: '4.1 席を立つときは、短い時間でも「休憩」を押します。' }],
    en: [{ op: 'removed', text: '4.1 Whenever you leave the seat, press Break.' }, { op: 'added', text: '4.1 Whenever you leave the seat, even briefly, press Break.' }],
  },
};

const scene = (more: { [route: string]: unknown } = {}, blocked = true) => (s: Scene) => {
  s.me = { ...me, missing: blocked ? ['training'] : [], training: { open: 4, due: '2026-12-06T01:00:00Z' } };
  const answers: { [route: string]: unknown } = {
    [`GET ${api}`]: training(0),
    [`POST ${api}/courses/home/attempts`]: attempt(3),
    [`POST ${api}/attempts/${id}/answers`]: told(true, false),
    [`GET ${api}/documents/telework`]: read,
    'POST /local/v1/acknowledge': {},
    ...practiceAnswers,
    ...more,
  };
  for (const [route, body] of Object.entries(answers)) s.more.set(route, body);
};

async function quiz(v: Visit): Promise<void> {
  await connect(v);
  await v.page.locator('.dk-training-row button').first().click();
  await v.page.locator('.dk-quiz-form').waitFor();
}

/** answer goes by the keyboard alone: into the group, down, and Enter. */
async function answer(v: Visit): Promise<void> {
  await quiz(v);
  await v.page.locator('input[type="radio"]').first().focus();
  await v.page.keyboard.press('Space');
  await v.page.keyboard.press('ArrowDown');
  await v.page.keyboard.press('Enter');
  await v.page.locator('.dk-quiz-why').waitFor();
}

export const trainingShown: Shown[] = [
  { name: 'training', scene: scene(), act: connect, see: '.dk-training-row' },
  { name: 'training-resumed', scene: scene({ [`GET ${api}`]: training(3) }), act: connect, see: '.dk-training-row' },
  { name: 'training-question', scene: scene(), act: quiz, see: '.dk-quiz-form' },
  {
    name: 'training-unanswered',
    scene: scene(),
    act: async (v) => {
      await quiz(v);
      await v.page.locator('.dk-quiz-form button[type="submit"]').click();
    },
    see: '.mantine-InputWrapper-error',
  },
  { name: 'training-right', scene: scene(), act: answer, see: '.dk-quiz-right' },
  { name: 'training-wrong', scene: scene({ [`POST ${api}/attempts/${id}/answers`]: told(false, false) }), act: answer, see: '.dk-quiz-wrong' },
  {
    name: 'training-result',
    scene: scene({ [`POST ${api}/attempts/${id}/answers`]: told(true, true) }),
    act: async (v) => {
      await answer(v);
      await v.page.locator('.dk-quiz .dk-actions button').click();
    },
    see: '.dk-quiz .dk-actions',
  },
  {
    name: 'training-rules',
    scene: scene(),
    act: async (v) => {
      await connect(v);
      await v.page.locator('.dk-training-row button').nth(3).click();
    },
    see: '.sk-difference',
  },
  ...practiceShown(scene),
  {
    name: 'training-error',
    scene: (s) => {
      scene()(s);
      s.refuse.set(`GET ${api}`, { status: 410, body: { type: '', status: 410, code: 'request.busy', title: s.consent.language === 'ja' ? '混み合っています。' : 'The server is busy.', action: s.consent.language === 'ja' ? '少し待ってからもう一度お試しください。' : 'Wait a moment and try again.' } });
    },
    act: connect,
    see: '.sk-problem',
  },
  {
    name: 'training-work',
    scene: scene({}, false),
    act: async (v) => {
      await work(v);
      await v.page.locator('.dk-head-end button').nth(2).click();
    },
    see: '.dk-training-row',
  },
];
