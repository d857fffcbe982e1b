import { people, now } from './answers';
import type { Answers } from './harness';
import { trainingOf } from './listAnswers';
import type { Course, Need, NeedState, RuleDoc, Trained } from '../src/training/views';

// Recorded answers of the training routes; people and texts are invented.

const at = (days: number) => new Date(Date.parse(now) + days * 86_400_000).toISOString();

const course: Course = {
  id: 'home',
  title: { ja: '在宅勤務の情報セキュリティ', en: 'Information security when working at home' },
  draw: 15,
  pass_percent: 80,
  pause_min: 10,
  valid_months: 12,
  required: true,
  version: 1,
  pool: 60,
};

const doc = (id: string, level: RuleDoc['level'], ja: string, en: string, version = 1, required = true): RuleDoc => ({
  id, level, title: { ja, en }, version, required, published: at(-60),
});
const documents: RuleDoc[] = [
  doc('policy', 'policy', '情報セキュリティ基本方針（在宅勤務）', 'Information security policy for work at home'),
  doc('standard', 'standard', '在宅勤務 情報セキュリティ対策基準', 'Security standard for work at home'),
  doc('telework', 'procedure', 'テレワーク実施要領', 'Working from home: the daily rules', 2),
  doc('pledge', 'procedure', '在宅勤務に関する誓約書', 'Pledge for work at home'),
  doc('family', 'procedure', 'ご家族へのご案内', 'A note to the family', 1, false),
];

const needs = (state: NeedState): Need[] => [
  { kind: 'course', id: course.id, title: course.title, version: 0, state, done: state === 'done' || state === 'soon' ? at(-30) : null, until: state === 'done' ? at(335) : state === 'soon' ? at(20) : null, due: at(state === 'overdue' ? -3 : 11) },
  ...documents.filter((one) => one.required).map((one): Need => {
    const read = state !== 'overdue' && state !== 'grace';
    return { kind: 'document', id: one.id, title: one.title, version: one.version, state: read ? 'done' : state, done: read ? at(-30) : null, until: null, due: at(state === 'overdue' ? -3 : 11) };
  }),
];

const states: NeedState[] = ['done', 'done', 'overdue', 'done', 'grace', 'soon'];
const trained: Trained[] = people
  .filter((one) => one.roles.includes('operator'))
  .map((one, n) => {
    const state = states[n % states.length] ?? 'done';
    return { person: one.id, name: one.name, kana: one.kana, state, due: state === 'done' ? null : at(state === 'overdue' ? -3 : state === 'soon' ? 20 : 11), courses: 1, courses_done: state === 'done' || state === 'soon' ? 1 : 0, documents: 4, documents_done: state === 'done' || state === 'soon' ? 4 : 0, practice: state === 'done' ? 'done' : 'open' };
  });

const rules = { version: 1, required: true, grace_days: 14, remind_days: 30, practice: true, practice_months: 12 };

const questions = [
  {
    id: 'q1',
    text: { ja: '宅配便を受け取るため、1分だけ席を立ちます。', en: 'You leave the seat for one minute to take a parcel.' },
    options: [
      { text: { ja: '1分なら何もしなくてよい。', en: 'For one minute nothing has to be done.' }, right: false },
      { text: { ja: '「休憩」を押してから立つ。', en: 'I press Break before I get up.' }, right: true },
      { text: { ja: '画面の明るさを下げてから立つ。', en: 'I turn the brightness down before I get up.' }, right: false },
    ],
    explain: { ja: '短い離席でも、その間に誰かが座れば画面が見えます。', en: 'Even in a short absence somebody may sit down.' },
    rule: 'telework 4.1',
  },
];

const body = {
  ja: 'この要領は、自宅で業務を行うときに守ることを定めます。\n\n## 4 離席、休憩、終業\n4.1 席を立つときは、短い時間でも「休憩」を押します。\n4.2 休憩中はカメラが止まり、接続が閉じます。\n',
  en: 'What is done and not done when working at home.\n\n## 4 Away, breaks, end of work\n4.1 Whenever you leave the seat, even briefly, press Break.\n4.2 During a break the camera is off and the connection closed.\n',
};

export const training: Answers = {
  'GET /training': trainingOf(now, rules, trained),
  'GET /training/people/*': { body: { needs: needs('soon') } },
  'GET /training/courses': { body: { courses: [course, { ...course, id: 'extra', title: { ja: '新商品の説明', en: 'The new product' }, required: false, pool: 0, draw: 10 }] } },
  'GET /training/courses/home/questions': { body: { course, questions } },
  'GET /training/documents': { body: { documents } },
  'GET /training/documents/telework': {
    body: {
      document: documents[2],
      body,
      versions: [
        { version: 2, title: documents[2]!.title, note: '4.1に「短い時間でも」を加えた', published: at(-60), publisher: '架空 管理' },
        { version: 1, title: documents[2]!.title, note: '', published: at(-200), publisher: '' },
      ],
    },
  },
  'GET /training/documents/telework/difference': {
    body: {
      from: 1,
      to: 2,
      ja: [{ op: 'removed', text: '4.1 席を立つときは「休憩」を押します。' }, { op: 'added', text: '4.1 席を立つときは、短い時間でも「休憩」を押します。' }],
      en: [{ op: 'removed', text: '4.1 Whenever you leave the seat, press Break.' }, { op: 'added', text: '4.1 Whenever you leave the seat, even briefly, press Break.' }],
    },
  },
};

export const nobody: Answers = { 'GET /training': trainingOf(now, rules, []) };
export const free: Answers = { 'GET /training': trainingOf(now, { ...rules, required: false }, trained) };

/** faulty is a GIFT file that is refused, as the door says it. */
export const faulty = (en: boolean): Answers => ({
  'POST /training/courses/home/import': {
    body: {
      questions: 0,
      stored: false,
      faults: [
        {
          line: 3,
          code: 'gift.explanation',
          title: en ? 'There is no explanation.' : '解説がありません。',
          action: en ? 'Write #### and the explanation after the options.' : '選択肢の後に####と解説を書いてください。',
        },
      ],
    },
  },
});
