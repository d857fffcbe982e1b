import type { Answers } from './harness';
import type { Scenario } from '../src/practice/views';

// Recorded answers of the practice routes; every text is invented.

const one = (id: string, ja: string, en: string, aboutJa: string, aboutEn: string, turns: number, version = 1): Scenario => ({
  id, version, title: { ja, en }, about: { ja: aboutJa, en: aboutEn }, turns,
});

const scenarios: Scenario[] = [
  one('card-number', 'カード番号を話し始めるお客様', 'A caller who reads out his card number', '声で聞いてしまう前に止め、非対面入力フォームを送ります。', 'Stop the caller before the number is said, and send the sealed form.', 3),
  one('family-enters', '通話中に家族が部屋に入ってくる', 'A family member enters during a call', '画面が黒くなったときに、何が起きていて何をするのかを練習します。', 'What happens when the screen turns black, and what you do.', 3, 2),
  one('parcel', '宅配便が来て席を立つ', 'A parcel arrives', '短い離席でも「休憩」を押します。', 'Even a short absence begins with Break.', 2),
];

const choice = (right: boolean, ja: string, en: string, whyJa: string, whyEn: string) => ({ right, text: { ja, en }, why: { ja: whyJa, en: whyEn }, rule: 'telework 2.2' });

export const practice: Answers = {
  'GET /training/practice': { body: { scenarios } },
  'GET /training/practice/family-enters': {
    body: {
      scenario: scenarios[1],
      turns: [
        {
          who: 'home',
          black: true,
          say: { ja: '返事を待たずに家族が入ってきて、画面が黒くなりました。', en: 'Somebody comes in without waiting, and the screen turns black.' },
          choices: [
            choice(true, '保留にし、一人になってから本人認証をする', 'Hold the call, and do the face check once you are alone', '周りに人がいないことを確かめます。', 'Make sure that nobody is near.'),
            choice(false, 'カメラを手で覆う', 'Cover the camera', '検知を避ける細工をしません。', 'Never try to trick the detection.'),
          ],
        },
      ],
    },
  },
};

export const nothing: Answers = { 'GET /training/practice': { body: { scenarios: [] } } };

/** faulty is a file of scenarios that is refused, as the door says it. */
export const faulty = (en: boolean): Answers => ({
  'POST /training/practice/import': {
    body: {
      scenarios: [],
      stored: false,
      faults: [
        {
          line: 3,
          field: 'title.en',
          code: 'practice.field_missing',
          title: en ? 'A field is missing.' : '必要な項目がありません。',
          action: en ? 'Write it under this section, where it is a text in both languages (.ja and .en).' : 'この見出しの下に、項目を日本語（.ja）と英語（.en）の両方で書いてください。',
        },
      ],
    },
  },
});
