import type { Page } from 'playwright-core';
import * as a from './answers';
import * as b from './approvalAnswers';
import { callStates } from './callStates';
import * as c from './clientAnswers';
import type { Answers } from './harness';
import { devicesOf, floorOf, shiftsOf } from './listAnswers';
import * as l from './loanAnswers';
import * as q from './readinessAnswers';
import * as f from './flowAnswers';
import { bigPool, noPools } from './poolAnswers';
import * as r from './roleAnswers';
import * as h from './shiftAnswers';
import * as p from './practiceAnswers';
import * as phone from './telephoneAnswers';
import * as t from './trainingAnswers';
import * as w from './witnessAnswers';

/** Shown is one screen in one state: what the door answers, where to go, what to press. */
export type Shown = { name: string; answers: Answers; path: string; act?: (page: Page, en: boolean) => Promise<void> };

/** press presses a button by its words: on the dialog in front, if there is one. */
const press = (ja: string | RegExp, en: string | RegExp) => async (page: Page, english: boolean) => {
  const dialogs = page.getByRole('dialog');
  const where = (await dialogs.count()) > 0 ? dialogs.last() : page;
  await where.getByRole('button', { name: english ? en : ja }).last().click();
};
const signedOut = (state: 'signed_out' | 'setup', demo: boolean): Answers => ({
  'GET /session': { body: { state, demo, expires: null, provider: '' } },
  'GET /demo/people': { body: a.demoPeople },
});
const failing = (login: string, ...routes: string[]): Answers => ({ ...a.everything(login), ...Object.fromEntries(routes.map((route) => [route, a.failure])) });
const hanging = (login: string, ...routes: string[]): Answers => ({ ...a.everything(login), ...Object.fromEntries(routes.map((route) => [route, 'hang' as const])) });

const invitedWithPassword: Answers = { 'POST /invitations/look': { body: { name: '見本 監督', login: 'sv-mihon', password: true } } };
const csv = { name: 'joiners.csv', mimeType: 'text/csv', buffer: Buffer.from('ログインID,氏名\n') };
const checkList = (kind: RegExp | null) => async (page: Page, en: boolean) => {
  if (kind) await page.getByText(kind, { exact: true }).click();
  await page.locator('input[type=file]').setInputFiles(csv);
  await press('内容を確かめる', 'Check')(page, en);
  await page.getByRole('table').waitFor();
};

const manySeats = Array.from({ length: 1_250 }, (_, n) => ({ ...a.seats[n % a.seats.length]!, device: `seat-${n}`, asset_tag: `PC-${n + 101}` }));
const manyPCs = Array.from({ length: 10_000 }, (_, n) => ({ ...a.devices[n % a.devices.length]!, id: `pc-${n}`, asset_tag: `PC-${n + 10_001}` }));
const turn = async (page: Page, en: boolean) => {
  await press('次へ', 'Next')(page, en);
  await page.getByRole('alert').waitFor();
};
const last = async (page: Page, en: boolean) => {
  await press('最後', 'Last')(page, en);
  await page.getByText('9901–10000').waitFor();
};

const aLoan = l.loansOf(a.devices)[0]!;
const loanPath = `/#/loans/${aLoan.id}`;
const lostLink = `/#/lost?token=${'2CQ6ZJ4T5W7XABH3KDMLN2OPRS'}`;
const lost: Answers = { ...signedOut('signed_out', false), 'POST /lost/look': { body: { asset_tag: 'PC-101' } } };
const checkKit = async (page: Page, en: boolean) => {
  await page.locator('input[type=file]').setInputFiles(csv);
  await press('内容を確かめる', 'Check')(page, en);
  await page.getByRole('table').waitFor();
};

export const shown: Shown[] = [
  ...callStates,
  { name: 'login', answers: signedOut('signed_out', false), path: '/' },
  { name: 'login-demo', answers: signedOut('signed_out', true), path: '/' },
  {
    name: 'login-refused',
    answers: {
      ...signedOut('signed_out', true),
      'POST /session/demo': a.problem(403, 'person.inactive', 'このアカウントは停止されています。', '管理者に連絡してください。'),
    },
    path: '/',
    act: press(/見本 監督/, /見本 監督/),
  },
  { name: 'login-home', answers: { ...signedOut('signed_out', false), 'GET /session': { body: { state: 'signed_out', demo: false, expires: null, provider: '', home: { person: '01930000-0000-7000-8000-000000000002', name: '見本 太郎', passkey: true } } } }, path: '/' },
  { name: 'login-provider', answers: { ...signedOut('signed_out', false), 'GET /session': { body: { state: 'signed_out', demo: false, expires: null, provider: '見本の認証サービス' } } }, path: '/' },
  {
    name: 'login-provider-refused',
    answers: {
      ...signedOut('signed_out', false),
      'POST /session/oidc/finish': a.problem(403, 'oidc.not_linked', 'この認証サービスのアカウントは、だれにも結び付けられていません。', '管理者に、利用者との結び付けを依頼してください。'),
    },
    path: '/#/oidc?state=invented&code=invented',
    act: async (page) => page.getByRole('alert').waitFor(),
  },
  { name: 'login-password', answers: signedOut('signed_out', false), path: '/', act: press('パスワードでログイン', 'Sign in with a password') },
  {
    name: 'login-password-locked',
    answers: {
      ...signedOut('signed_out', false),
      'POST /session/password/begin': a.problem(403, 'password.locked', 'このログインIDのパスワードは、失敗が続いたためロックされています。', '時間をおいて試すか、SVにロックの解除を依頼してください。パスキーは今も使えます。'),
    },
    path: '/',
    act: async (page, en) => {
      await press('パスワードでログイン', 'Sign in with a password')(page, en);
      await page.getByLabel(en ? /^Login/ : /^ログインID/).fill('sv-mihon');
      await page.locator('input[type=password]').fill('Kaede-no-Ki 7!');
      await page.getByRole('button', { name: en ? 'Sign in' : 'ログイン', exact: true }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'setup-no-link', answers: signedOut('setup', false), path: '/' },
  { name: 'setup', answers: signedOut('setup', false), path: '/#/setup?token=invented' },
  { name: 'setup-faults', answers: signedOut('setup', false), path: '/#/setup?token=invented', act: press(/パスキーを登録/, /Register a passkey/) },
  {
    name: 'setup-expired',
    answers: { ...signedOut('setup', false), 'POST /setup/begin': a.problem(410, 'link.invalid', 'このリンクは使えません。', '新しいリンクを発行してください。') },
    path: '/#/setup?token=invented',
    act: async (page, en) => {
      await page.getByLabel(en ? 'Name' : '氏名').fill('見本 管理');
      await page.getByLabel(en ? /^Login/ : /^ログインID/).fill('admin');
      await press(/パスキーを登録/, /Register a passkey/)(page, en);
    },
  },
  { name: 'setup-done', answers: signedOut('signed_out', false), path: '/#/setup?token=invented' },
  { name: 'invitation', answers: signedOut('signed_out', false), path: '/#/invitation?token=invented' },
  { name: 'invitation-password', answers: { ...signedOut('signed_out', false), ...invitedWithPassword }, path: '/#/invitation?token=invented' },
  {
    name: 'invitation-password-faults',
    answers: { ...signedOut('signed_out', false), ...invitedWithPassword },
    path: '/#/invitation?token=invented',
    act: async (page, en) => {
      await page.getByLabel(en ? /^New password/ : /^新しいパスワード/).first().fill('Password1!');
      await press('パスワードを設定してログイン', 'Set the password and sign in')(page, en);
      await page.getByText(en ? /has leaked before/ : /流出したことのある/).waitFor(); // the list is fetched first
    },
  },
  { name: 'invitation-no-link', answers: signedOut('signed_out', false), path: '/#/invitation' },
  { name: 'start-unreachable', answers: { 'GET /session': a.failure }, path: '/' },

  { name: 'floor', answers: a.everything('sv-mihon', true), path: '/#/floor' },
  { name: 'floor-table', answers: a.everything('sv-mihon'), path: '/#/floor', act: async (page, en) => page.getByText(en ? 'Table' : '一覧表', { exact: true }).click() },
  { name: 'floor-filter', answers: a.everything('sv-mihon'), path: '/#/floor', act: press(/^遮断/, /^Closed by guard/) },
  { name: 'floor-seat', answers: a.everything('sv-mihon'), path: '/#/floor', act: press(/例示 さくら/, /例示 さくら/) },
  {
    name: 'floor-close',
    answers: a.everything('sv-mihon'),
    path: '/#/floor',
    act: async (page, en) => {
      await press(/例示 さくら/, /例示 さくら/)(page, en);
      await press('接続を終了する', 'End the session')(page, en);
    },
  },
  {
    name: 'floor-many',
    answers: { ...a.everything('sv-mihon'), 'GET /floor': floorOf(a.now, manySeats) },
    path: '/#/floor',
    act: async (page, en) => {
      await page.getByText(en ? 'Table' : '一覧表', { exact: true }).click();
      await press('次へ', 'Next')(page, en);
      await page.getByText('101–200').waitFor();
    },
  },
  { name: 'floor-empty', answers: a.nothing('sv-mihon'), path: '/#/floor' },
  { name: 'floor-loading', answers: hanging('sv-mihon', 'GET /floor'), path: '/#/floor' },
  { name: 'floor-error', answers: failing('sv-mihon', 'GET /floor'), path: '/#/floor' },
  { name: 'refused', answers: a.everything('sv-mihon'), path: '/#/devices' },
  { name: 'missing', answers: a.everything('sv-mihon'), path: '/#/nowhere' },

  { name: 'approvals', answers: a.everything('sv-mihon'), path: '/#/approvals' },
  {
    name: 'approvals-wrong',
    answers: {
      ...a.everything('sv-mihon'),
      [`POST /approvals/*/decide`]: a.problem(403, 'approval.code', '4桁の番号が違います。', 'オペレーターに画面の番号を確かめてください。3回間違えると依頼は取り消されます。'),
    },
    path: '/#/approvals',
    act: async (page, en) => {
      const card = page.getByRole('article').first();
      await card.getByRole('textbox').fill('００１２');
      await card.getByRole('button', { name: en ? 'Approve' : '承認する' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'approvals-refuse', answers: a.everything('sv-mihon'), path: '/#/approvals', act: press('却下する', 'Refuse') },
  { name: 'approvals-invitation', answers: { ...a.everything('admin'), 'GET /approvals': { body: { now: a.now, for: [], approvals: [a.invitationAsked] } } }, path: '/#/approvals' },
  { name: 'approvals-locked', answers: { ...a.everything('sv-mihon'), 'GET /passwords/locked': { body: { locked: a.locked } } }, path: '/#/approvals' },
  {
    name: 'approvals-unlock',
    answers: { ...a.everything('sv-mihon'), 'GET /passwords/locked': { body: { locked: a.locked } } },
    path: '/#/approvals',
    act: press(/のロックを解除$/, /^Unlock /),
  },
  { name: 'approvals-video', answers: { ...a.everything('sv-mihon'), 'GET /approvals': { body: { now: a.now, for: [], approvals: [{ ...a.approvals[0]!, video: true }] } }, 'GET /old-faces': { body: { old_faces: w.oldFaces } } }, path: '/#/approvals' },
  { name: 'approvals-old-face', answers: { ...a.everything('officer-1'), 'GET /old-faces': { body: { old_faces: w.oldFaces } } }, path: '/#/approvals' },
  { name: 'witness', answers: a.everything('sv-mihon'), path: '/#/approvals/watch/01901d3e-0000-7000-8000-0000000000aa', act: async (page) => page.locator('.co-witness-face img').waitFor() },
  { name: 'witness-taken', answers: { ...a.everything('sv-mihon'), 'POST /witness/*/take': { body: w.taken }, 'GET /witness/*': { body: w.taken } }, path: '/#/approvals/watch/01901d3e-0000-7000-8000-0000000000aa' },
  {
    name: 'witness-refuse',
    answers: a.everything('sv-mihon'),
    path: '/#/approvals/watch/01901d3e-0000-7000-8000-0000000000aa',
    act: press('登録を認めない', 'Refuse'),
  },
  { name: 'witness-ended', answers: { ...a.everything('sv-mihon'), 'POST /witness/*/take': { body: { ...w.watched, state: 'ended', reason: 'witness.silent' } } }, path: '/#/approvals/watch/01901d3e-0000-7000-8000-0000000000aa' },
  { name: 'witness-taken-elsewhere', answers: { ...a.everything('sv-mihon'), 'POST /witness/*/take': a.problem(409, 'witness.taken', 'ほかのSVが、すでに映像で立ち会っています。', '終わるまで待つか、そのSVに確かめてください。') }, path: '/#/approvals/watch/01901d3e-0000-7000-8000-0000000000aa' },
  { name: 'approvals-acts', answers: a.everything('admin'), path: '/#/approvals' },
  { name: 'approvals-act-rules', answers: { ...a.everything('admin'), 'GET /acts': { body: b.rulesAsked } }, path: '/#/approvals' },
  { name: 'approvals-act-refused', answers: { ...a.everything('admin'), 'POST /acts/*/begin': a.problem(409, 'act.decided', 'この依頼は、すでに判断されています。', '一覧を読み直してください。') }, path: '/#/approvals', act: press(/をパスキーで確認する$/, /^Confirm with a passkey/) },
  { name: 'approvals-act-withdraw', answers: { ...a.everything('admin'), 'GET /acts': { body: b.ownAsked } }, path: '/#/approvals', act: press('取り下げる', 'Withdraw') },
  { name: 'approvals-auditor', answers: a.everything('auditor'), path: '/#/approvals' },
  { name: 'approvals-alone', answers: a.nothing('admin'), path: '/#/approvals' },
  { name: 'approvals-bulk', answers: { ...a.everything('sv-mihon'), 'GET /approvals': { body: b.shiftStart } }, path: '/#/approvals' },
  { name: 'approvals-deputy', answers: a.everything('sv-mihon'), path: '/#/approvals', act: press('代理を登録', 'Name a deputy') },
  { name: 'disaster', answers: { ...a.everything('sv-mihon'), 'GET /disaster': { body: b.storm } }, path: '/#/disaster' },
  { name: 'disaster-off', answers: a.everything('admin'), path: '/#/disaster' },
  { name: 'disaster-none', answers: a.nothing('admin'), path: '/#/disaster' },
  { name: 'disaster-declare', answers: a.everything('admin'), path: '/#/disaster', act: press('災害モードを始める', 'Declare a disaster') },
  { name: 'disaster-agree', answers: a.everything('admin'), path: '/#/disaster', act: press('範囲を取り決める', 'Agree on a widening') },
  { name: 'disaster-end', answers: { ...a.everything('sv-mihon'), 'GET /disaster': { body: b.storm } }, path: '/#/disaster', act: press('災害モードを終了', 'End disaster mode') },
  { name: 'approvals-empty', answers: a.nothing('sv-mihon'), path: '/#/approvals' },

  { name: 'incidents-sv', answers: a.everything('sv-mihon'), path: '/#/incidents' },
  { name: 'incidents', answers: a.everything('officer-1'), path: '/#/incidents', act: async (page, en) => page.getByText(en ? 'All' : 'すべて', { exact: true }).click() },
  { name: 'incidents-empty', answers: a.nothing('officer-1'), path: '/#/incidents' },
  { name: 'incident', answers: a.everything('officer-1'), path: `/#/incidents/${a.incidents[1]!.id}` },
  {
    name: 'incident-faults',
    answers: a.everything('officer-1'),
    path: `/#/incidents/${a.incidents[1]!.id}`,
    act: press('判断を記録する', 'Record the decision'),
  },
  {
    name: 'incident-fetch',
    answers: a.everything('officer-1'),
    path: `/#/incidents/${a.incidents[1]!.id}`,
    act: press('封印された記録を取り出す', 'Fetch the sealed record'),
  },
  { name: 'incident-hold', answers: a.everything('officer-1'), path: `/#/incidents/${a.incidents[1]!.id}`, act: press('削除を保留する', 'Put deletion on hold') },
  { name: 'incident-held', answers: { ...a.everything('officer-1'), 'GET /incidents/*': { body: { ...a.incidents[3], held: true, delete_at: null } } }, path: `/#/incidents/${a.incidents[3]!.id}` },
  { name: 'incident-missing', answers: { ...a.everything('officer-1'), 'GET /incidents/*': { body: a.incidents[2] } }, path: `/#/incidents/${a.incidents[2]!.id}` },
  { name: 'incident-decided', answers: { ...a.everything('auditor'), 'GET /incidents/*': { body: { ...a.incidents[3], bundles: [] } } }, path: `/#/incidents/${a.incidents[3]!.id}` },

  { name: 'devices', answers: a.everything('admin'), path: '/#/devices' },
  { name: 'devices-nothing', answers: a.everything('admin'), path: '/#/devices', act: async (page, en) => {
    await page.getByRole('textbox').first().fill('どこにもない');
    await page.clock.runFor(400);
    await page.getByText(en ? 'Nothing matches.' : '条件に合うものはありません。').waitFor();
  } },
  { name: 'devices-many', answers: { ...a.everything('admin'), 'GET /devices': devicesOf(manyPCs) }, path: '/#/devices', act: last },
  { name: 'devices-page-error', answers: { ...a.everything('admin'), 'GET /devices': (asked) => (asked.has('offset') ? a.failure : devicesOf(manyPCs)(asked)) }, path: '/#/devices', act: turn },
  { name: 'devices-empty', answers: a.nothing('admin'), path: '/#/devices' },
  { name: 'device', answers: a.everything('admin'), path: `/#/devices/${a.devices[0]!.id}` },
  { name: 'device-posture', answers: { ...a.everything('admin'), 'GET /devices/*/posture': { body: a.badPosture } }, path: `/#/devices/${a.devices[0]!.id}` },
  { name: 'device-posture-never', answers: { ...a.everything('admin'), 'GET /devices/*/posture': { body: { ...a.posture(), at: null } } }, path: `/#/devices/${a.devices[0]!.id}` },
  {
    name: 'device-posture-stale',
    answers: { ...a.everything('admin'), 'GET /devices/*/posture': { body: { ...a.posture({}, ''), code: 'posture.stale', refused: true } } },
    path: `/#/devices/${a.devices[0]!.id}`,
  },
  { name: 'device-posture-error', answers: failing('admin', 'GET /devices/*/posture'), path: `/#/devices/${a.devices[0]!.id}` },
  { name: 'device-place', answers: a.everything('admin'), path: `/#/devices/${a.devices[0]!.id}`, act: press('今の場所に変える', 'Change it to where it is now') },
  {
    name: 'device-place-refused',
    answers: { ...a.everything('admin'), 'PUT /devices/*/place': a.problem(409, 'posture.no_network', 'このPCのいる場所が、まだ分かりません。', 'PCを接続して、ルーターが報告されてから、もう一度お試しください。') },
    path: `/#/devices/${a.devices[0]!.id}`,
    act: async (page, en) => {
      await press('今の場所に変える', 'Change it to where it is now')(page, en);
      await press('今の場所を登録する', 'Register the place where it is now')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'device-pending', answers: { ...a.everything('admin'), 'GET /devices/*': { body: a.pendingSoftware } }, path: `/#/devices/${a.pendingDevice.id}` },
  { name: 'device-revoked', answers: { ...a.everything('admin'), 'GET /devices/*': { body: a.devices[13] } }, path: `/#/devices/${a.devices[13]!.id}` },
  { name: 'device-revoke', answers: a.everything('admin'), path: `/#/devices/${a.devices[0]!.id}`, act: press('失効させる', 'Revoke') },
  {
    name: 'device-not-found',
    answers: { ...a.everything('admin'), 'GET /devices/*': a.problem(404, 'device.not_found', 'このPCは見つかりません。', '一覧から選び直してください。') },
    path: '/#/devices/none',
  },
  { name: 'issue-1', answers: a.everything('admin'), path: '/#/devices', act: press('PCを登録', 'Register a PC') },
  { name: 'issue-2', answers: issue(), path: '/#/devices', act: issueTo2 },
  { name: 'issue-3-wait', answers: { ...issue(), 'GET /devices/*': { body: a.newDevice } }, path: '/#/devices', act: issueTo3 },
  { name: 'issue-3-compare', answers: { ...issue(), 'GET /devices/*': { body: a.pendingDevice } }, path: '/#/devices', act: issueTo3 },
  { name: 'issue-3-done', answers: { ...issue(), 'GET /devices/*': { body: a.devices[0] } }, path: '/#/devices', act: issueTo3 },

  { name: 'device-cleared', answers: { ...a.everything('admin'), 'GET /devices/*': { body: a.clearedDevice } }, path: `/#/devices/${a.clearedDevice.id}` },
  { name: 'device-replaced', answers: { ...a.everything('admin'), 'GET /devices/*': { body: a.replacedDevice } }, path: `/#/devices/${a.replacedDevice.id}` },
  { name: 'attestation', answers: a.everything('admin'), path: '/#/attestation' },
  { name: 'attestation-auditor', answers: a.everything('auditor'), path: '/#/attestation' },
  { name: 'attestation-empty', answers: a.nothing('admin'), path: '/#/attestation' },
  { name: 'attestation-error', answers: failing('admin', 'GET /attestation'), path: '/#/attestation' },
  {
    name: 'attestation-faults',
    answers: {
      ...a.everything('admin'),
      'POST /attestation/keys': {
        body: {
          added: 0,
          known: 0,
          faults: [
            { line: 3, code: 'attestation.csv_hash', title: 'EKの値が正しくありません。', action: 'SHA-256を16進数64文字で入力してください。「sekisho-agent doctor」が表示する値です。' },
            { line: 7, code: 'attestation.csv_duplicate', title: '同じEKの値が、前の行にもあります。', action: '重複している行を削除してください。' },
          ],
        },
      },
    },
    path: '/#/attestation',
    act: importList,
  },
  { name: 'attestation-imported', answers: { ...a.everything('admin'), 'POST /attestation/keys': { body: { added: 50, known: 2, faults: [] } } }, path: '/#/attestation', act: importList },
  { name: 'attestation-remove', answers: a.everything('admin'), path: '/#/attestation', act: press(/SN-4021.*削除する/, /Remove .*SN-4021/) },
  { name: 'attestation-add', answers: a.everything('admin'), path: '/#/attestation', act: press('認証局を追加', 'Add an authority') },

  { name: 'people', answers: a.everything('admin'), path: '/#/people' },
  { name: 'people-new', answers: a.everything('admin'), path: '/#/people', act: press('利用者を追加', 'Add a person') },
  {
    name: 'people-taken',
    answers: { ...a.everything('admin'), 'POST /people': a.problem(409, 'person.login_taken', 'このログインIDは、すでに使われています。', '別のログインIDにしてください。') },
    path: '/#/people',
    act: async (page, en) => {
      await press('利用者を追加', 'Add a person')(page, en);
      await page.getByLabel(en ? 'Name' : '氏名', { exact: false }).last().fill('見本 新人');
      await page.getByLabel(en ? /^Login/ : /^ログインID/).last().fill('op-001');
      await press('追加する', 'Add')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'people-edit', answers: a.everything('admin'), path: '/#/people', act: press(/見本 監督/, /見本 監督/) },
  {
    name: 'people-invite',
    answers: { ...a.everything('admin'), 'POST /people/*/invitation': { body: { url: `http://console.localhost:8080/invitation#token=${'invented'.repeat(5)}`, until: '2026-11-23T01:30:00Z' } } },
    path: '/#/people',
    act: async (page, en) => {
      await press(/見本 監督/, /見本 監督/)(page, en);
      await press('招待リンクを発行', 'Make an invitation link')(page, en);
      await press('招待リンクを発行', 'Make an invitation link')(page, en);
      await page.getByText('token=').waitFor();
    },
  },
  {
    name: 'people-invite-second',
    answers: {
      ...a.everything('admin'),
      'POST /people/*/invitation': { body: { url: '', until: null, approval: { id: 'asked', code: '4821', state: 'waiting', expires: '2026-11-22T01:40:00Z' } } },
      'GET /approvals/*': { body: { id: 'asked', code: '4821', state: 'waiting', expires: '2026-11-22T01:40:00Z' } },
    },
    path: '/#/people',
    act: async (page, en) => {
      await press(/見本 監督/, /見本 監督/)(page, en);
      await press('招待リンクを発行', 'Make an invitation link')(page, en);
      await press('招待リンクを発行', 'Make an invitation link')(page, en);
      await page.getByText('4821').waitFor();
    },
  },
  { name: 'people-lists', answers: a.everything('admin'), path: '/#/people/lists' },
  { name: 'people-lists-missing', answers: a.everything('admin'), path: '/#/people/lists', act: press('内容を確かめる', 'Check') },
  { name: 'people-lists-checked', answers: { ...a.everything('admin'), 'POST /people/joiners/plan': { body: a.list } }, path: '/#/people/lists', act: checkList(null) },
  { name: 'people-lists-refused', answers: { ...a.everything('admin'), 'POST /people/joiners/plan': { body: a.refusedList } }, path: '/#/people/lists', act: checkList(null) },
  {
    name: 'people-lists-applied',
    answers: { ...a.everything('admin'), 'POST /people/leavers/plan': { body: { ...a.list, new: 0 } }, 'POST /people/leavers/apply': { body: { ...a.list, new: 0 } } },
    path: '/#/people/lists',
    act: async (page, en) => {
      await checkList(en ? /Leavers/ : /退職・契約終了/)(page, en);
      await press(/名を取り込む/, /^Apply to/)(page, en);
      await press(/名を取り込む/, /^Apply to/)(page, en);
      await page.getByText(en ? /^Done:/ : /^取り込みました/).waitFor();
    },
  },
  {
    name: 'people-lists-unreadable',
    answers: { ...a.everything('admin'), 'POST /people/joiners/plan': a.problem(422, 'list.encoding', '文字を読み取れません。', 'Excelで「CSV UTF-8」または「CSV（コンマ区切り）」として保存し直してください。') },
    path: '/#/people/lists',
    act: async (page, en) => {
      await page.locator('input[type=file]').setInputFiles(csv);
      await press('内容を確かめる', 'Check')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'people-slip', answers: a.everything('admin'), path: `/#/people/${a.people[0]!.id}/slip` },
  { name: 'people-slip-missing', answers: a.everything('admin'), path: '/#/people/nobody/slip' },
  { name: 'people-suspend', answers: a.everything('admin'), path: '/#/people', act: async (page, en) => {
    await press(/見本 監督/, /見本 監督/)(page, en);
    await press('利用を停止する', 'Suspend')(page, en);
  } },

  { name: 'loans', answers: a.everything('admin'), path: '/#/loans' },
  { name: 'loans-sv', answers: a.everything('sv-mihon'), path: '/#/loans' },
  { name: 'loans-auditor', answers: a.everything('auditor'), path: '/#/loans' },
  { name: 'loans-empty', answers: a.nothing('admin'), path: '/#/loans' },
  { name: 'loans-error', answers: failing('admin', 'GET /loans'), path: '/#/loans' },
  { name: 'loan', answers: a.everything('admin'), path: loanPath },
  { name: 'loan-sv', answers: a.everything('sv-mihon'), path: loanPath },
  { name: 'loan-held', answers: { ...a.everything('sv-mihon'), 'GET /loans/*': { body: { ...l.loanOf(l.loansOf(a.devices)[9]!), permits: [], items: [], tied: [], card_state: 'none', card_made: null } } }, path: loanPath, act: press('受け取りを確認', 'Confirm the receipt') },
  { name: 'loan-permit', answers: a.everything('sv-mihon'), path: loanPath, act: press('PC持出を許可', 'Give a permit') },
  {
    name: 'loan-permit-refused',
    answers: { ...a.everything('sv-mihon'), 'POST /loans/*/permits': a.problem(409, 'permit.overlap', 'このPCには、期間の重なるPC持出許可があります。', '期間を変えるか、先に今の許可を取り消してください。') },
    path: loanPath,
    act: async (page, en) => {
      await press('PC持出を許可', 'Give a permit')(page, en);
      await page.getByRole('dialog').getByLabel(en ? /^Last day/ : /^最終日/).fill('2026-12-31');
      await press('PC持出を許可', 'Give a permit')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'loan-permit-end', answers: a.everything('sv-mihon'), path: loanPath, act: press('許可を取り消す', 'Take the permit back') },
  { name: 'loan-items', answers: a.everything('admin'), path: loanPath, act: press('付属品と返却予定日を変更', 'Change accessories and day of return') },
  { name: 'loan-lost', answers: a.everything('sv-mihon'), path: loanPath, act: press('紛失として止める', 'Close it as lost') },
  { name: 'loan-return', answers: a.everything('admin'), path: loanPath, act: press('返却を受け取る', 'Receive the PC back') },
  { name: 'loan-returned', answers: { ...a.everything('admin'), 'GET /loans/*': { body: l.returnedOf(aLoan) } }, path: loanPath },
  { name: 'loan-returned-tied', answers: { ...a.everything('sv-mihon'), 'GET /loans/*': { body: { ...l.returnedOf(aLoan), tied: l.loanOf(aLoan).tied } } }, path: loanPath },
  { name: 'loan-replace', answers: a.everything('admin'), path: loanPath, act: press('別のPCに交換', 'Replace it') },
  {
    name: 'loan-card',
    answers: { ...a.everything('admin'), 'GET /loans/*': { body: { ...l.loanOf(aLoan), card_state: 'none', card_made: null } }, 'POST /loans/*/card': { body: l.lossCard } },
    path: loanPath,
    act: async (page, en) => {
      await press('紛失カードを作る', 'Make a loss card')(page, en);
      await page.getByText('/#/lost?token=').waitFor();
    },
  },
  { name: 'kitting', answers: a.everything('admin'), path: '/#/loans/kitting' },
  { name: 'kitting-checked', answers: { ...a.everything('admin'), 'POST /kitting/plan': { body: l.kit } }, path: '/#/loans/kitting', act: checkKit },
  { name: 'kitting-refused', answers: { ...a.everything('admin'), 'POST /kitting/plan': { body: l.refusedKit } }, path: '/#/loans/kitting', act: checkKit },
  {
    name: 'kitting-slips',
    answers: { ...a.everything('admin'), 'POST /kitting/plan': { body: l.kit }, 'POST /kitting/apply': { body: { slips: l.slips } } },
    path: '/#/loans/kitting',
    act: async (page, en) => {
      await checkKit(page, en);
      await press(/台を登録/, /^Register/)(page, en);
      await press(/台を登録/, /^Register/)(page, en);
      await page.getByText(/sekisho-agent enroll/).first().waitFor();
    },
  },
  { name: 'lost', answers: lost, path: lostLink },
  { name: 'lost-done', answers: { ...lost, 'POST /lost/report': { body: { asset_tag: 'PC-101' } } }, path: lostLink, act: press('PCを止める', 'Close the PC') },
  { name: 'lost-used', answers: { ...lost, 'POST /lost/look': a.problem(409, 'loss.used', 'この紛失連絡のリンクは、すでに使われています。', 'PCの利用は止まっています。心当たりがないときは、SVに連絡してください。') }, path: lostLink },
  { name: 'lost-nolink', answers: lost, path: '/#/lost' },

  { name: 'desktops', answers: a.everything('admin'), path: '/#/desktops' },
  { name: 'desktops-new', answers: a.everything('admin'), path: '/#/desktops', act: press('仮想デスクトップを追加', 'Add a virtual desktop') },
  { name: 'desktops-reach', answers: a.everything('admin'), path: '/#/desktops', act: press(/受注システム.*選ぶ/, /who may reach 受注/) },
  { name: 'desktops-empty', answers: a.nothing('admin'), path: '/#/desktops' },

  { name: 'clients', answers: a.everything('admin'), path: '/#/clients' },
  { name: 'clients-new', answers: a.everything('admin'), path: '/#/clients', act: press('委託元を追加', 'Add a client company') },
  { name: 'clients-empty', answers: { ...a.everything('admin'), 'GET /clients': { body: { clients: [] } } }, path: '/#/clients' },
  { name: 'clients-error', answers: failing('admin', 'GET /clients'), path: '/#/clients' },
  { name: 'client', answers: a.everything('admin'), path: `/#/clients/${c.clients[0]!.id}` },
  { name: 'client-empty', answers: { ...a.everything('admin'), 'GET /clients/*': { body: c.emptyFile } }, path: `/#/clients/${c.clients[1]!.id}` },
  { name: 'client-own', answers: a.everything('client-auditor'), path: `/#/clients/${c.clients[0]!.id}` },
  { name: 'client-audit', answers: a.everything('client-auditor'), path: '/#/audit', act: press('チェックポイントを表示', 'Show the checkpoint') },
  { name: 'client-refused', answers: a.everything('client-auditor'), path: '/#/rules' },
  { name: 'client-work', answers: a.everything('admin'), path: `/#/clients/${c.clients[0]!.id}`, act: press('業務を追加', 'Add a work') },
  {
    name: 'client-assign',
    answers: { ...a.everything('admin'), 'POST /works/*/people': a.problem(409, 'client.overlap', '同じ人の期間が重なるか、終わった担当を延ばそうとしています。', '期間を重ならないようにし、延ばすときは新しく登録してください。') },
    path: `/#/clients/${c.clients[0]!.id}`,
    act: async (page, en) => {
      await press('担当者を登録', 'Assign a person')(page, en);
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('combobox', { name: en ? /^Work/ : /^業務/ }).click();
      await page.getByRole('option').first().click();
      await dialog.getByRole('combobox', { name: en ? /^Operator/ : /^オペレーター/ }).click();
      await page.getByRole('option').first().click();
      await press('追加する', 'Add')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'client-assign-faults',
    answers: a.everything('admin'),
    path: `/#/clients/${c.clients[0]!.id}`,
    act: async (page, en) => {
      await press('担当者を登録', 'Assign a person')(page, en);
      await press('追加する', 'Add')(page, en);
    },
  },
  { name: 'client-auditor', answers: a.everything('admin'), path: `/#/clients/${c.clients[0]!.id}`, act: press('監査担当を登録', 'Add an auditor') },
  { name: 'client-end', answers: a.everything('admin'), path: `/#/clients/${c.clients[0]!.id}`, act: press('契約を終了する', 'End the contract') },
  { name: 'client-withdraw', answers: a.everything('admin'), path: `/#/clients/${c.clients[0]!.id}`, act: press(/見本 花子の担当を取り消す/, /Withdraw the assignment of 見本 花子/) },

  { name: 'rules', answers: a.everything('admin'), path: '/#/rules' },
  { name: 'rules-auditor', answers: { ...a.everything('auditor'), 'GET /rules': { body: c.noRules } }, path: '/#/rules' },
  { name: 'rules-faults', answers: { ...a.everything('admin'), 'POST /rules/check': { body: c.faulty } }, path: '/#/rules', act: press('確認する', 'Check') },
  {
    name: 'rules-checked',
    answers: { ...a.everything('admin'), 'POST /rules/check': { body: c.checked } },
    path: '/#/rules',
    act: async (page, en) => {
      await press(/個人情報「あり」/, /no desktop that shows/)(page, en);
      await press('確認する', 'Check')(page, en);
      await page.getByRole('heading', { name: en ? 'What saving changes' : '保存すると変わること' }).waitFor();
    },
  },
  {
    name: 'rules-locked',
    answers: {
      ...a.everything('admin'),
      'POST /rules/check': { body: c.checked },
      'PUT /rules': a.problem(409, 'rules.locks_out', 'この内容では、管理画面で設定できる管理者が一人もいなくなるため、保存しませんでした。', '管理者にmanageを許可するポリシーを残してください。'),
    },
    path: '/#/rules',
    act: async (page, en) => {
      await press(/個人情報「あり」/, /no desktop that shows/)(page, en);
      await press('確認する', 'Check')(page, en);
      await page.getByLabel(en ? /^Reason of the change/ : /^変更の理由/).fill('個人情報を自宅で扱わない');
      await press('保存して有効にする', 'Save and bring into force')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'rules-who',
    answers: a.everything('admin'),
    path: '/#/rules',
    act: async (page, en) => {
      await page.getByRole('tab', { name: en ? 'Who can see this?' : '誰が使えるか' }).click();
      await page.getByRole('combobox').click();
      await page.getByRole('option').first().click();
      await page.getByRole('cell').first().waitFor();
    },
  },
  { name: 'rules-history', answers: a.everything('admin'), path: '/#/rules', act: async (page, en) => page.getByRole('tab', { name: en ? 'History' : '履歴' }).click() },
  { name: 'rules-error', answers: failing('admin', 'GET /rules'), path: '/#/rules' },
  { name: 'refusals', answers: a.everything('sv-mihon'), path: '/#/refusals' },
  { name: 'refusals-empty', answers: { ...a.everything('sv-mihon'), 'GET /refusals': { body: { refusals: [] } } }, path: '/#/refusals' },

  { name: 'readiness', answers: a.everything('admin'), path: '/#/readiness' },
  { name: 'readiness-client', answers: a.everything('client-auditor'), path: '/#/readiness' },
  { name: 'readiness-error', answers: failing('admin', 'GET /readiness'), path: '/#/readiness' },
  { name: 'readiness-checks', answers: a.everything('sv-mihon'), path: '/#/readiness', act: async (page, en) => page.getByRole('tab', { name: en ? 'Self-checks' : '自己点検', exact: true }).click() },
  {
    name: 'readiness-checks-none',
    answers: { ...a.everything('sv-mihon'), 'GET /readiness/checks': { body: { waiting: [], decided: [] } } },
    path: '/#/readiness',
    act: async (page, en) => page.getByRole('tab', { name: en ? 'Self-checks' : '自己点検', exact: true }).click(),
  },
  { name: 'readiness-rules', answers: a.everything('admin'), path: '/#/readiness', act: async (page, en) => page.getByRole('tab', { name: en ? 'What is asked' : '自己点検の項目' }).click() },
  { name: 'readiness-person', answers: a.everything('sv-mihon'), path: `/#/readiness/${q.hanako}` },
  { name: 'readiness-person-none', answers: { ...a.everything('sv-mihon'), 'GET /readiness/people/*': { body: { ...q.personReadiness, measures: [], room: 'none', checks: [] } } }, path: `/#/readiness/${q.hanako}` },
  { name: 'readiness-photo', answers: a.everything('sv-mihon'), path: `/#/readiness/${q.hanako}`, act: press('写真を見る', 'Look at the photograph') },
  {
    name: 'readiness-photo-refused',
    answers: { ...a.everything('sv-mihon'), 'POST /readiness/checks/*/photo': a.problem(404, 'readiness.no_photo', 'この自己点検の写真はありません。', '保存期間が過ぎたか、添えられていません。必要なときは、本人に自己点検をもう一度依頼してください。') },
    path: `/#/readiness/${q.hanako}`,
    act: press('写真を見る', 'Look at the photograph'),
  },
  {
    name: 'readiness-return',
    answers: a.everything('sv-mihon'),
    path: `/#/readiness/${q.hanako}`,
    act: async (page, en) => {
      await press('差し戻す', 'Return')(page, en);
      await press('差し戻す', 'Return')(page, en);
    },
  },

  { name: 'shifts', answers: a.everything('admin'), path: '/#/shifts' },
  { name: 'shifts-sv', answers: a.everything('sv-mihon'), path: '/#/shifts' },
  { name: 'shifts-empty', answers: { ...a.everything('admin'), 'GET /shifts': shiftsOf({ ...h.shifts, people: [] }) }, path: '/#/shifts' },
  { name: 'shifts-error', answers: failing('admin', 'GET /shifts'), path: '/#/shifts' },
  { name: 'shifts-edit', answers: a.everything('admin'), path: '/#/shifts', act: press('見本 花子のシフトを変更する', 'Change the shift of 見本 花子') },
  {
    name: 'shifts-faults',
    answers: { ...a.everything('admin'), 'PUT /shifts/*': a.problem(422, 'shift.span', '勤務時間の形が正しくありません。', '09:00-18:00のように入力してください。1日4つまで、間を空けて並べられます。') },
    path: '/#/shifts',
    act: async (page, en) => {
      await press('見本 花子のシフトを変更する', 'Change the shift of 見本 花子')(page, en);
      await page.getByLabel(en ? 'Monday' : '月曜日').fill('朝から');
      await press('保存する', 'Save')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'shifts-rules', answers: a.everything('admin'), path: '/#/shifts', act: press('条件を変更する', 'Change the rules') },
  { name: 'shifts-extend', answers: a.everything('sv-mihon'), path: '/#/shifts', act: press('見本 花子の勤務時間を延長する', 'Extend the shift of 見本 花子') },
  {
    name: 'shifts-list',
    answers: { ...a.everything('admin'), 'POST /shifts/list/plan': { body: h.shiftList } },
    path: '/#/shifts',
    act: async (page, en) => {
      await press('一覧（CSV）で取り込む', 'Import a list (CSV)')(page, en);
      await page.locator('input[type=file]').setInputFiles(csv);
      await press('内容を確かめる', 'Check')(page, en);
      await page.getByRole('dialog').getByRole('table').waitFor();
    },
  },
  {
    name: 'people-identity',
    answers: a.everything('admin'),
    path: '/#/people',
    act: async (page, en) => {
      await press(/見本 監督/, /見本 監督/)(page, en);
      await press('認証サービス', 'Identity provider')(page, en);
    },
  },
  ...[true, false].map((on) => ({
    name: on ? 'people-mail' : 'people-mail-off',
    answers: { ...a.everything('admin'), 'GET /people/*/mail': { body: { on, address: on ? 'mihon@example.jp' : '', language: 'ja' } } },
    path: '/#/people',
    act: async (page: Page, en: boolean) => {
      await press(/見本 監督/, /見本 監督/)(page, en);
      await press('お知らせメール', 'Reminders by mail')(page, en);
      await page.getByLabel(en ? /Mail address/ : /メールアドレス/).waitFor();
    },
  })),
  { name: 'roles', answers: a.everything('admin'), path: '/#/roles' },
  { name: 'roles-empty', answers: { ...a.everything('admin'), 'GET /roles': { body: { ...r.ownRoles, roles: [] } } }, path: '/#/roles' },
  { name: 'roles-error', answers: failing('admin', 'GET /roles'), path: '/#/roles' },
  { name: 'roles-new', answers: a.everything('admin'), path: '/#/roles', act: press('役割を作る', 'Make a role') },
  {
    name: 'roles-faults',
    answers: a.everything('admin'),
    path: '/#/roles',
    act: async (page, en) => {
      await press('役割を作る', 'Make a role')(page, en);
      await page.getByLabel(en ? /^Register, issue/ : /^PCを登録・貸与/).check();
      await page.getByLabel(en ? /^Fetch sealed/ : /^封印された記録を取り出す/).check();
      await press('役割を作る', 'Make a role')(page, en);
    },
  },
  { name: 'roles-give', answers: a.everything('admin'), path: '/#/roles', act: press('PC貸出の窓口を割り当てる', 'Give PC貸出の窓口 to somebody') },
  {
    name: 'roles-second',
    answers: { ...a.everything('admin'), 'PUT /roles/*': a.problem(403, 'act.asked', 'この変更には、別の管理者の確認が必要です。', '別の管理者に確認してもらってください。') },
    path: '/#/roles',
    act: async (page, en) => {
      await press('PC貸出の窓口を変更する', 'Change PC貸出の窓口')(page, en);
      await press('保存する', 'Save')(page, en);
      await page.getByText(en ? /^It was put to a second administrator/ : /^確認の依頼を登録しました/).waitFor();
    },
  },
  {
    name: 'roles-separation',
    answers: { ...a.everything('admin'), 'PUT /roles/*': a.problem(403, 'role.separation', '管理者の権限と情報セキュリティ責任者の権限を、独自の役割で一人に集めることはできません。', '権限を別の役割に分け、別の人に割り当ててください。') },
    path: '/#/roles',
    act: async (page, en) => {
      await press('PC貸出の窓口を変更する', 'Change PC貸出の窓口')(page, en);
      await press('保存する', 'Save')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'approvals-role', answers: { ...a.everything('admin'), 'GET /acts': { body: b.rolesAsked } }, path: '/#/approvals' },
  { name: 'approvals-small', answers: { ...a.everything('admin'), 'GET /acts': { body: b.smallAsked } }, path: '/#/approvals', act: (page) => page.locator('#acts').evaluate((heading) => heading.scrollIntoView()) },
  {
    name: 'desktops-asked',
    answers: { ...a.everything('admin'), 'PATCH /desktops/*': a.problem(403, 'act.asked', 'この変更には、別の管理者の確認が必要です。', '別の管理者に、「承認」の画面で内容を確かめてもらってください。') },
    path: '/#/desktops',
    act: async (page, en) => {
      await press('受注システムの設定を開く', 'Open the settings of 受注システム')(page, en);
      await page.getByRole('combobox', { name: en ? /^Personal data shown/ : /^表示される個人情報/ }).click();
      await page.getByRole('option', { name: en ? 'None' : 'なし', exact: true }).click();
      await press('保存する', 'Save')(page, en);
      await page.getByRole('status').filter({ hasText: en ? 'under Approvals' : '「承認」の画面' }).waitFor();
    },
  },
  { name: 'trunks', answers: a.everything('admin'), path: '/#/trunks' },
  { name: 'trunks-empty', answers: { ...a.everything('admin'), 'GET /trunks': { body: phone.noTrunks }, 'GET /numbers': { body: phone.noNumbers } }, path: '/#/trunks' },
  { name: 'trunks-error', answers: failing('admin', 'GET /trunks', 'GET /numbers'), path: '/#/trunks' },
  { name: 'trunks-read', answers: a.everything('auditor'), path: '/#/trunks' },
  { name: 'trunks-edit', answers: a.everything('admin'), path: '/#/trunks', act: press('本社の代表回線の設定', 'Settings of 本社の代表回線') },
  {
    name: 'trunks-faults',
    answers: a.everything('admin'),
    path: '/#/trunks',
    act: async (page, en) => {
      await press('回線を追加', 'Add a trunk')(page, en);
      await press('回線を追加', 'Add a trunk')(page, en); // with nothing entered
      await page.locator('[aria-invalid="true"]').first().waitFor();
    },
  },
  {
    name: 'trunks-remove-refused',
    answers: { ...a.everything('admin'), 'DELETE /trunks/*': a.problem(409, 'trunk.in_use', 'この回線には電話番号が残っています。', '番号を別の回線に移すか、削除してから、もう一度お試しください。') },
    path: '/#/trunks',
    act: async (page, en) => {
      await press('本社の代表回線を削除する', 'Remove 本社の代表回線')(page, en);
      await press('削除する', 'Remove')(page, en);
      await page.getByRole('dialog').getByRole('alert').waitFor();
    },
  },
  { name: 'trunks-number', answers: a.everything('admin'), path: '/#/trunks', act: press('+81312345678の割り当て', 'Place +81312345678') },
  { name: 'queues', answers: a.everything('sv-mihon'), path: '/#/queues' },
  { name: 'queues-empty', answers: { ...a.everything('sv-mihon'), 'GET /queues': { body: phone.noQueues } }, path: '/#/queues' },
  { name: 'queues-error', answers: failing('sv-mihon', 'GET /queues'), path: '/#/queues' },
  { name: 'queues-read', answers: a.everything('auditor'), path: '/#/queues' },
  { name: 'queues-edit', answers: a.everything('sv-mihon'), path: '/#/queues', act: press('ご注文の設定', 'Settings of ご注文') },
  {
    name: 'queues-faults',
    answers: a.everything('sv-mihon'),
    path: '/#/queues',
    act: async (page, en) => {
      await press('列を作る', 'Make a queue')(page, en);
      await press('列を作る', 'Make a queue')(page, en); // with nothing entered
      await page.locator('[aria-invalid="true"]').first().waitFor();
    },
  },
  { name: 'queues-retire', answers: a.everything('sv-mihon'), path: '/#/queues', act: press('ご注文を終了する', 'Retire ご注文') },
  { name: 'skills', answers: a.everything('sv-mihon'), path: '/#/skills' },
  { name: 'skills-empty', answers: { ...a.everything('sv-mihon'), 'GET /skills': { body: { names: [], people: [] } } }, path: '/#/skills' },
  { name: 'skills-read', answers: a.everything('auditor'), path: '/#/skills' },
  { name: 'skills-edit', answers: a.everything('sv-mihon'), path: '/#/skills', act: press('見本 春子のスキルを変更', 'Change the skills of 見本 春子') },
  { name: 'flows', answers: a.everything('sv-mihon'), path: '/#/flows' },
  { name: 'flows-read', answers: a.everything('auditor'), path: '/#/flows' },
  { name: 'flows-empty', answers: { ...a.everything('admin'), 'GET /flows': { body: { clients: [] } } }, path: '/#/flows' },
  { name: 'flows-error', answers: failing('sv-mihon', 'GET /flows'), path: '/#/flows' },
  { name: 'flows-new', answers: a.everything('sv-mihon'), path: '/#/flows', act: press(/^フローを作る：見本/, /^Make a flow: 見本/) },
  { name: 'flow-drawn', answers: a.everything('sv-mihon'), path: `/#/flows/${f.flowID}` },
  { name: 'flow-node', answers: a.everything('sv-mihon'), path: `/#/flows/${f.flowID}`, act: press(/番号で選ぶ ご用件/, /Menu ご用件/) },
  { name: 'flow-outline', answers: a.everything('auditor'), path: `/#/flows/${f.flowID}`, act: async (page, en) => page.getByRole('tab', { name: en ? 'List' : '一覧' }).click() },
  { name: 'flow-first', answers: { ...a.everything('sv-mihon'), 'GET /flows/*': { body: f.newFlow } }, path: `/#/flows/${f.flowID}` },
  {
    name: 'flow-meanwhile',
    answers: { ...a.everything('sv-mihon'), 'PUT /flows/draft': a.problem(409, 'flow.changed_meanwhile', 'このコールフローは、表示した後に変更されています。', 'ページを読み込み直し、今の内容を見てから変更してください。') },
    path: `/#/flows/${f.flowID}`,
    act: async (page, en) => {
      const card = page.getByRole('button', { name: en ? /Menu ご用件/ : /番号で選ぶ ご用件/ });
      await card.focus();
      await page.keyboard.press('ArrowRight');
      await press('下書きを保存', 'Save the draft')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'flow-tried',
    answers: a.everything('sv-mihon'),
    path: `/#/flows/${f.flowID}`,
    act: async (page, en) => {
      await page.getByRole('tab', { name: en ? 'Dry run' : '試行' }).click();
      await page.getByLabel(en ? 'When the call comes in' : 'かかってくる日時').fill('2026-11-24T10:00');
      await page.getByLabel(en ? 'Keys to press' : '押すキー').fill('２');
      await page.getByRole('button', { name: en ? 'Press' : '押す', exact: true }).click();
      await page.getByRole('button', { name: en ? 'Try' : '試す', exact: true }).click();
      await page.locator('.co-trial').waitFor();
    },
  },
  {
    name: 'flow-back',
    answers: a.everything('sv-mihon'),
    path: `/#/flows/${f.flowID}`,
    act: async (page, en) => {
      await page.getByRole('tab', { name: en ? 'History' : '履歴' }).click();
      await press('第1版に戻す', 'Go back to version 1')(page, en);
    },
  },
  { name: 'flow-parts', answers: a.everything('sv-mihon'), path: `/#/flows/parts/${f.flowClient}` },
  { name: 'flow-parts-empty', answers: { ...a.everything('sv-mihon'), 'GET /flow-parts/*': { body: f.noParts } }, path: `/#/flows/parts/${f.flowClient}` },
  {
    name: 'flow-parts-refused',
    answers: { ...a.everything('sv-mihon'), 'PUT /prompts/sound': a.problem(422, 'sound.format', 'このWAVファイルの形式は使えません。', 'PCM（8、16、24ビット）かG.711で保存し直してください。') },
    path: `/#/flows/parts/${f.flowClient}`,
    act: async (page, en) => {
      await page.getByRole('button', { name: en ? /^Upload a sound/ : /^音声を登録：/ }).first().click();
      await page.locator('input[type=file]').setInputFiles({ name: 'aisatsu.wav', mimeType: 'audio/wav', buffer: Buffer.from('RIFF') });
      await press('音声を登録', 'Upload')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'flow-parts-hours',
    answers: a.everything('sv-mihon'),
    path: `/#/flows/parts/${f.flowClient}`,
    act: async (page, en) => {
      await page.getByRole('tab', { name: en ? /^Hours/ : /^営業時間/ }).click();
      await press(/^変更：/, /^Change:/)(page, en);
    },
  },
  {
    name: 'flow-parts-key',
    answers: { ...a.everything('admin'), 'PUT /lookups': { body: { lookup: f.parts.lookups[0], key: 'mihon-no-kagi-0000000000000000000000000000000' } } },
    path: `/#/flows/parts/${f.flowClient}`,
    act: async (page, en) => {
      await page.getByRole('tab', { name: en ? /^Look-ups/ : /^外部照会/ }).click();
      await press('外部照会を作る', 'Make a look-up')(page, en);
      await page.getByRole('dialog').getByLabel(en ? 'Name' : '名前').fill('会員の照会');
      await page.getByRole('dialog').getByLabel(en ? 'Address' : '照会先のアドレス').fill('https://crm.example/find');
      await press('保存', 'Save')(page, en);
      await page.locator('.co-once').waitFor();
    },
  },
  { name: 'pools', answers: a.everything('admin'), path: '/#/pools' },
  { name: 'pools-empty', answers: { ...a.everything('admin'), 'GET /pools': { body: noPools } }, path: '/#/pools' },
  { name: 'pools-error', answers: failing('admin', 'GET /pools'), path: '/#/pools' },
  { name: 'pools-read', answers: a.everything('auditor'), path: '/#/pools' },
  { name: 'pools-many', answers: { ...a.everything('admin'), 'GET /pools': { body: bigPool } }, path: '/#/pools' },
  {
    name: 'pools-new',
    answers: a.everything('admin'),
    path: '/#/pools',
    act: async (page, en) => {
      await press('グループを作る', 'Make a group')(page, en);
      await press('グループを作る', 'Make a group')(page, en); // without a name
      await page.locator('[aria-invalid="true"]').waitFor();
    },
  },
  {
    name: 'pools-person',
    answers: a.everything('admin'),
    path: '/#/pools',
    act: async (page, en) => {
      await press('人を追加：札幌センター 早番', 'Add a person: 札幌センター 早番')(page, en);
      await page.getByRole('dialog').getByRole('combobox').click();
      await page.getByRole('option').first().click();
    },
  },
  {
    name: 'pools-pc-refused',
    answers: { ...a.everything('admin'), 'PUT /pools/pool-1/pcs/*': a.problem(403, 'shared.away', '共用PCは、オフィスの中だけで使えます。', 'PCと検知ポリシーの場所が「オフィス」で、「端末の安全状態」のルールがすべてのOSで場所の違いを止める設定か、管理者に確かめてください。') },
    path: '/#/pools',
    act: async (page, en) => {
      await press('PCを追加：札幌センター 早番', 'Add a PC: 札幌センター 早番')(page, en);
      await page.getByRole('dialog').getByRole('combobox').click();
      await page.getByRole('option').first().click();
      await press('PCを追加', 'Add a PC')(page, en);
      await page.getByRole('dialog').getByRole('alert').waitFor();
    },
  },
  { name: 'pools-out', answers: a.everything('admin'), path: '/#/pools', act: press('外す：見本 春子', 'Take out: 見本 春子') },
  { name: 'pools-out-pc', answers: a.everything('admin'), path: '/#/pools', act: press('外す：PC-2101', 'Take out: PC-2101') },
  { name: 'pools-end', answers: a.everything('admin'), path: '/#/pools', act: press('グループを終了：札幌センター 早番', 'Dissolve the group: 札幌センター 早番') },
  { name: 'device-shared', answers: { ...a.everything('admin'), 'GET /devices/*': { body: { ...a.devices[0], place: 'office', pool: { id: 'pool-1', name: '札幌センター 早番', people: ['見本 春子', '見本 夏男'] } } } }, path: `/#/devices/${a.devices[0]!.id}` },
  { name: 'networks', answers: a.everything('admin'), path: '/#/networks' },
  { name: 'networks-office', answers: a.everything('admin'), path: '/#/networks', act: press('社外での管理画面の制限を変更する', 'Change who is bound outside the office') },
  {
    name: 'networks-office-locked',
    answers: {
      ...a.everything('admin'),
      'PUT /offices': a.problem(409, 'office.locks_you_out', 'この内容では、保存するあなた自身が管理画面を続けて使えなくなるため、保存しませんでした。', '今の接続元のアドレスを社内の範囲に加えるか、貸与PCから開いた管理画面で保存してください。'),
    },
    path: '/#/networks',
    act: async (page, en) => {
      await press('社外での管理画面の制限を変更する', 'Change who is bound outside the office')(page, en);
      await press('保存する', 'Save')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'home-code', answers: a.everything('sv-mihon'), path: '/#/floor', act: press('貸与PCのパスキー', 'Passkey for an issued PC') },
  {
    name: 'home-code-given',
    answers: {
      ...a.everything('sv-mihon'),
      'POST /home/code/begin': { body: { passkey: false, ceremony: '', options: null } },
      'POST /home/code/finish': { body: { code: 'K7QXM-3RWZA-PLD5V-NHE2S', until: '2026-11-23T05:12:00Z' } },
    },
    path: '/#/floor',
    act: async (page, en) => {
      await press('貸与PCのパスキー', 'Passkey for an issued PC')(page, en);
      await press('コードを発行する', 'Get a code')(page, en);
      await page.getByRole('dialog').getByRole('textbox').waitFor();
    },
  },
  {
    name: 'networks-locked',
    answers: {
      ...a.everything('admin'),
      'PUT /networks/console': a.problem(409, 'network.locks_you_out', 'この内容では、保存するあなた自身が管理画面に接続できなくなるため、保存しませんでした。', '今の接続元のアドレスを含む範囲を加えてください。'),
    },
    path: '/#/networks',
    act: async (page, en) => {
      await press(/^管理画面の接続元/, /^Change the list of: Console/)(page, en);
      await press('保存する', 'Save')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },

  { name: 'policies', answers: a.everything('admin'), path: '/#/policies' },
  { name: 'policies-auditor', answers: a.everything('auditor'), path: '/#/policies' },
  { name: 'policies-edit', answers: a.everything('admin'), path: '/#/policies', act: press(/ポリシー「自宅/, /Change the policy “Home/) },
  {
    name: 'policies-faults',
    answers: a.everything('admin'),
    path: '/#/policies',
    act: async (page, en) => {
      await press('ポリシーを追加', 'Add a policy')(page, en);
      await page.getByLabel(en ? /Seconds of absence/ : /離席してから/).fill('120');
      await press('保存する', 'Save')(page, en);
    },
  },

  { name: 'training', answers: learning('admin'), path: '/#/training' },
  { name: 'training-supervisor', answers: learning('sv-mihon'), path: '/#/training' },
  { name: 'training-free', answers: { ...learning('admin'), ...t.free }, path: '/#/training' },
  { name: 'training-empty', answers: { ...learning('admin'), ...t.nobody }, path: '/#/training' },
  { name: 'training-error', answers: { ...learning('admin'), 'GET /training': a.failure }, path: '/#/training' },
  { name: 'training-person', answers: learning('admin'), path: '/#/training', act: press(/見本 花子の内訳/, /Details of 見本 花子/) },
  {
    name: 'training-many',
    answers: { ...learning('auditor'), 'GET /training/records': a.problem(403, 'act.asked_for_rows', '1,000件を超える書き出しには、別の人の確認が必要です。確認の依頼を登録しました。', '管理者か別の情報セキュリティ責任者に、「承認」の画面で確かめてもらってください。確認されてから1時間以内に、同じ条件でもう一度書き出してください。') },
    path: '/#/training',
    act: async (page, en) => {
      await press('受講記録をPDFで保存', 'Save records as PDF')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'training-rules', answers: learning('admin'), path: '/#/training', act: press('猶予とお知らせを変更', 'Change grace and reminders') },
  { name: 'training-courses', answers: learning('admin'), path: '/#/training', act: trainingTab('講座と設問', 'Courses') },
  {
    name: 'training-questions',
    answers: learning('admin'),
    path: '/#/training',
    act: async (page, en) => {
      await trainingTab('講座と設問', 'Courses')(page, en);
      await page.getByRole('button', { name: en ? /home: Questions/ : /セキュリティ: 設問を見る/ }).click();
    },
  },
  {
    name: 'training-import',
    answers: learning('admin'),
    path: '/#/training',
    act: async (page, en) => {
      await trainingTab('講座と設問', 'Courses')(page, en);
      await page.getByRole('button', { name: en ? /home: Import/ : /セキュリティ: GIFTを取り込む/ }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('よい問い{=a ~b####x}\n\n解説のない問い{=a ~b}');
      await press('確かめる', 'Check')(page, en);
      await page.getByText(en ? 'From line 3' : '3行目から').waitFor();
    },
  },
  { name: 'training-documents', answers: learning('admin'), path: '/#/training', act: trainingTab('規程', 'Rules') },
  { name: 'training-document', answers: learning('admin'), path: '/#/training', act: openDocument },
  {
    name: 'training-publish',
    answers: learning('admin'),
    path: '/#/training',
    act: async (page, en) => {
      await openDocument(page, en);
      await press('新しい版を公開', 'Publish a new version')(page, en);
    },
  },

  { name: 'practice', answers: learning('admin'), path: '/#/training', act: trainingTab('練習業務', 'Practice') },
  { name: 'practice-auditor', answers: learning('auditor'), path: '/#/training', act: trainingTab('練習業務', 'Practice') },
  { name: 'practice-empty', answers: { ...learning('admin'), ...p.nothing }, path: '/#/training', act: trainingTab('練習業務', 'Practice') },
  { name: 'practice-error', answers: { ...learning('admin'), 'GET /training/practice': a.failure }, path: '/#/training', act: trainingTab('練習業務', 'Practice') },
  {
    name: 'practice-scenario',
    answers: learning('admin'),
    path: '/#/training',
    act: async (page, en) => {
      await trainingTab('練習業務', 'Practice')(page, en);
      await page.getByRole('button', { name: en ? /Show: A family/ : /内容を見る: 通話中/ }).click();
    },
  },
  {
    name: 'practice-retire',
    answers: learning('admin'),
    path: '/#/training',
    act: async (page, en) => {
      await trainingTab('練習業務', 'Practice')(page, en);
      await page.getByRole('button', { name: en ? /Retire: A parcel/ : /外す: 宅配便/ }).click();
    },
  },
  {
    name: 'practice-import',
    answers: learning('admin'),
    path: '/#/training',
    act: async (page, en) => {
      await trainingTab('練習業務', 'Practice')(page, en);
      await press('練習を取り込む', 'Import scenarios')(page, en);
      await page.getByRole('dialog').getByRole('textbox').fill('[scenario door]\ntitle.ja: 扉');
      await press('確かめる', 'Check')(page, en);
      await page.getByText(en ? 'Line 3' : '3行目').waitFor();
    },
  },

  { name: 'posture', answers: a.everything('admin'), path: '/#/posture' },
  { name: 'posture-auditor', answers: a.everything('auditor'), path: '/#/posture' },
  { name: 'posture-empty', answers: { ...a.everything('admin'), 'GET /posture/rules': { body: { policies: [] } } }, path: '/#/posture' },
  { name: 'posture-error', answers: failing('admin', 'GET /posture/rules'), path: '/#/posture' },
  { name: 'posture-edit', answers: a.everything('admin'), path: '/#/posture', act: press(/「オフィス/, /what “Office/) },
  {
    name: 'posture-faults',
    answers: a.everything('admin'),
    path: '/#/posture',
    act: async (page, en) => {
      await press(/「自宅/, /what “Home/)(page, en);
      await page.getByLabel(en ? 'Days at most' : '日数の上限').fill('3');
      await press('場所を追加', 'Add a place')(page, en);
      await press('保存する', 'Save')(page, en);
    },
  },
  {
    name: 'posture-changed',
    answers: { ...a.everything('admin'), 'PUT /posture/rules/home': a.problem(409, 'posture.changed', 'この条件は、ほかの人が先に変更しました。', '読み直してから、もう一度変更してください。') },
    path: '/#/posture',
    act: async (page, en) => {
      await press(/「自宅/, /what “Home/)(page, en);
      await press('保存する', 'Save')(page, en);
      await page.getByRole('alert').waitFor();
    },
  },

  { name: 'audit', answers: a.everything('auditor'), path: '/#/audit' },
  { name: 'audit-row', answers: a.everything('auditor'), path: '/#/audit', act: press('記録 2835を開く', 'Open row 2835') },
  {
    name: 'audit-customer',
    answers: { ...a.everything('auditor'), 'GET /audit': { body: { rows: [a.inCall], before: 0, looked: null, names: a.names } } },
    path: `/#/audit?customer=${a.inCall.customer}`,
    act: press('記録 2839を開く', 'Open row 2839'),
  },
  {
    name: 'audit-customer-number',
    answers: a.everything('auditor'),
    path: '/#/audit',
    act: async (page, en) => {
      await page.getByLabel(en ? 'Customer’s id' : '顧客のID').fill('090-0000-0000');
      await press(/^検索$/, /^Search$/)(page, en);
    },
  },
  { name: 'audit-checkpoint', answers: a.everything('officer-1'), path: '/#/audit', act: press('チェックポイントを表示', 'Show the checkpoint') },
  { name: 'audit-rolled-back', answers: { ...a.everything('officer-1'), 'GET /audit/checkpoint': a.rolledBack }, path: '/#/audit' },
  { name: 'audit-nothing', answers: { ...a.everything('auditor'), 'GET /audit': { body: { rows: [], before: 0, looked: null, names: {} } } }, path: '/#/audit?text=nothing' },
  { name: 'audit-looking', answers: { ...a.everything('auditor'), 'GET /audit': { body: { rows: [], before: 1210, looked: '2026-11-02T03:04:05Z', names: {} } } }, path: '/#/audit?text=far' },
  { name: 'audit-take', answers: a.everything('auditor'), path: '/#/audit?kind=login.refused', act: press('検索結果を書き出す', 'Export these rows') },
  {
    name: 'audit-taken',
    answers: a.everything('auditor'),
    path: '/#/audit?kind=login.refused',
    act: async (page, en) => {
      await press('検索結果を書き出す', 'Export these rows')(page, en);
      await press('書き出す', 'Export')(page, en);
      await page.getByRole('dialog').getByRole('textbox').waitFor();
    },
  },
  {
    name: 'audit-take-refused',
    answers: { ...a.everything('auditor'), 'GET /audit/rows': a.problem(422, 'search.too_many_rows', '一度に書き出せるのは1万件までです。', '期間や条件で絞り込むか、監査ログ全体を書き出してください。') },
    path: '/#/audit',
    act: async (page, en) => {
      await press('検索結果を書き出す', 'Export these rows')(page, en);
      await press('書き出す', 'Export')(page, en);
      await page.getByRole('dialog').getByRole('alert').waitFor();
    },
  },
  { name: 'audit-save', answers: a.everything('auditor'), path: '/#/audit?kind=device.suspended', act: press('この条件を保存', 'Save this search') },
  { name: 'audit-siem-failing', answers: { ...a.everything('officer-1'), 'GET /audit/siem': { body: a.siemFailing } }, path: '/#/audit' },
  { name: 'audit-empty', answers: a.nothing('auditor'), path: '/#/audit' },
  { name: 'reports', answers: a.everything('officer-1'), path: '/#/reports' },
  { name: 'reports-auditor', answers: a.everything('auditor'), path: '/#/reports' },
  { name: 'reports-empty', answers: a.nothing('officer-1'), path: '/#/reports' },
  { name: 'reports-error', answers: failing('officer-1', 'GET /reports'), path: '/#/reports' },
  { name: 'reports-make', answers: a.everything('officer-1'), path: '/#/reports', act: press('報告書を作成', 'Make a report') },
  {
    name: 'reports-faults',
    answers: a.everything('officer-1'),
    path: '/#/reports',
    act: async (page, en) => {
      await press('報告書を作成', 'Make a report')(page, en);
      await press('作成する', 'Make it')(page, en);
    },
  },
  { name: 'audit-error', answers: failing('auditor', 'GET /audit'), path: '/#/audit' },
];

function learning(login: string): Answers {
  return { ...a.everything(login), ...t.training, ...t.faulty(false), ...p.practice, ...p.faulty(false) };
}

function trainingTab(ja: string, en: string) {
  return async (page: Page, english: boolean) => page.getByRole('tab', { name: english ? en : ja }).click();
}

async function openDocument(page: Page, en: boolean): Promise<void> {
  await trainingTab('規程', 'Rules')(page, en);
  await page.getByRole('button', { name: en ? /daily rules: Text/ : /実施要領: 本文/ }).click();
  await page.getByRole('dialog').getByText(en ? 'Added' : '追加', { exact: true }).waitFor();
}

async function importList(page: Page, en: boolean): Promise<void> {
  await press('CSVを読み込む', 'Import CSV')(page, en);
  await page.locator('input[type=file]').setInputFiles({ name: 'tpm.csv', mimeType: 'text/csv', buffer: Buffer.from('ek_sha256,label\n') });
  await press('読み込む', 'Import')(page, en);
  await page.waitForTimeout(300);
}

function issue(): Answers {
  return { ...a.everything('admin'), 'POST /devices': { body: a.newDevice }, 'POST /devices/*/code': { body: a.code } };
}

async function issueTo2(page: Page, en: boolean): Promise<void> {
  await press('PCを登録', 'Register a PC')(page, en);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(en ? /^Asset tag/ : /^資産番号/).fill('ＰＣ－１１０');
  await dialog.getByRole('combobox', { name: en ? /^Issued to/ : /^貸与先/ }).click();
  await page.getByRole('option').first().click();
  await dialog.getByRole('combobox', { name: en ? /^Guard policy/ : /^検知ポリシー/ }).click();
  await page.getByRole('option').first().click();
  await press('登録して登録コードを発行', 'Register and make the code')(page, en);
  await page.getByText('SK1-').waitFor();
}

async function issueTo3(page: Page, en: boolean): Promise<void> {
  await issueTo2(page, en);
  await press('コードを渡した', 'I have handed over the code')(page, en);
  await page.waitForTimeout(400);
}
