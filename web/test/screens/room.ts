import type { RoomCheck } from '@sekisho/wire/room';
import { work } from './acts.ts';
import type { Scene } from './agent.ts';
import type { Visit } from './browser.ts';
import { me } from './scenes.ts';
import type { Shown } from './states.ts';

// The self-check of the room in the desk, with invented answers.

const api = '/api/desk/v1/room';

const fresh: RoomCheck = {
  rules: 0,
  photo: 'optional',
  valid_months: 6,
  keep_days: 190,
  questions: [
    { id: 'private', text: { ja: '業務中は、個室か、家族などが出入りしない場所で働く。', en: 'I work in a room of my own, or where nobody comes in while I work.' }, needed: true },
    { id: 'filter', text: { ja: '画面に、のぞき見防止フィルターを付けている。', en: 'A privacy filter is on my screen.' }, needed: true },
    { id: 'plant', text: { ja: '机のまわりに、水をこぼしそうなものを置いていない。', en: 'Nothing that spills stands about my desk.' }, needed: false },
  ],
  asked: true,
  due: true,
  state: 'none',
  until: null,
  last: null,
};

const returned: RoomCheck = {
  ...fresh,
  state: 'returned',
  last: {
    at: '2026-11-20T01:00:00Z', answers: [], remark: '', state: 'returned', ready: false, note: 'のぞき見防止フィルターを付けてから、もう一度送ってください。', decided: '2026-11-21T01:00:00Z', photo: false, photo_until: null,
  },
};

const accepted: RoomCheck = { ...returned, due: false, state: 'accepted', until: '2027-05-20T01:00:00Z', last: { ...returned.last!, state: 'accepted', ready: true, note: '' } };

const scene = (room: RoomCheck) => (s: Scene) => {
  s.me = { ...me };
  s.more.set(`GET ${api}`, room);
  s.more.set(`POST ${api}`, { done: true });
};

async function open(v: Visit): Promise<void> {
  await work(v);
  await v.page.locator('.dk-head-end button[aria-pressed]').nth(1).click(); // it is due: beside the records
  await v.page.locator('.dk-room-state').first().waitFor();
}

/** openDone goes where the check is while it is not due: into the header's menu. */
async function openDone(v: Visit): Promise<void> {
  await work(v);
  await v.page.locator('.dk-head-end button[aria-haspopup="menu"]').click();
  await v.page.locator('[role="menuitem"]').nth(1).click();
  await v.page.locator('.dk-room-state').first().waitFor();
}

export const roomShown: Shown[] = [
  { name: 'room', scene: scene(fresh), act: open, see: '.dk-room fieldset' },
  {
    name: 'room-unanswered',
    scene: scene({ ...fresh, photo: 'required' }),
    act: async (v) => {
      await open(v);
      await v.page.locator('.dk-room button[type="submit"]').click();
    },
    see: '.dk-room-fault',
  },
  {
    name: 'room-camera',
    scene: scene(fresh),
    act: async (v) => {
      await open(v);
      await v.page.locator('input[value="no"]').first().check();
      await v.page.locator('.dk-room-photo button').first().click();
      await v.page.locator('.dk-room-photo video').waitFor();
    },
    see: '.dk-room-photo video',
  },
  { name: 'room-returned', scene: scene(returned), act: open, see: '.dk-room-state dd' },
  { name: 'room-accepted', scene: scene(accepted), act: openDone, see: '.dk-room-state' },
];
