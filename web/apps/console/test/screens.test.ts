import { describe, expect, test } from 'vitest';
import * as a from './answers';
import { Sight, wanted } from './sight';
import { shown } from './states';

const sight = new Sight();

// What 1280×720 leaves at 200 % zoom.
const zoomed = ['login-demo', 'floor', 'floor-table', 'floor-many', 'floor-seat', 'approvals', 'approvals-acts', 'approvals-act-rules', 'approvals-auditor', 'approvals-bulk', 'approvals-deputy', 'approvals-video', 'approvals-old-face', 'witness', 'witness-refuse', 'disaster', 'disaster-declare', 'incidents', 'incident', 'devices', 'devices-many', 'device-pending', 'attestation', 'attestation-faults', 'issue-2', 'people', 'people-edit', 'people-lists-refused', 'people-slip', 'loans', 'loan', 'loan-returned', 'kitting-refused', 'kitting-slips', 'lost', 'login-password', 'login-provider', 'login-home', 'people-identity', 'invitation-password-faults', 'approvals-locked', 'clients', 'client', 'client-assign', 'desktops', 'rules', 'rules-checked', 'rules-who', 'flows', 'flow-drawn', 'flow-node', 'flow-outline', 'flow-tried', 'flow-parts', 'flow-parts-hours', 'pools', 'pools-new', 'pools-person', 'pools-pc-refused', 'pools-out', 'networks', 'networks-office', 'home-code-given', 'readiness', 'readiness-checks', 'readiness-rules', 'readiness-person', 'readiness-return', 'shifts', 'shifts-edit', 'shifts-list', 'roles', 'roles-faults', 'approvals-role', 'approvals-small', 'desktops-asked', 'refusals', 'policies', 'policies-edit', 'training', 'training-courses', 'training-documents', 'training-document', 'practice', 'practice-import', 'posture', 'posture-edit', 'device-posture', 'audit', 'audit-row', 'audit-customer', 'audit-customer-number', 'audit-checkpoint', 'audit-take', 'audit-siem-failing', 'reports', 'reports-make', 'trunks', 'trunks-faults', 'trunks-number', 'queues', 'queues-edit', 'skills', 'skills-edit', 'calls', 'calls-no-line', 'callreports', 'recordings', 'recording-opened'];

describe('at 200 % zoom', () => {
  test.each(wanted.filter((state) => zoomed.includes(state.name)))('$name', async (state) => {
    await sight.sound(await sight.open(state, false, { width: 640, height: 360 }), `${state.name}-zoom`, true);
  });
});

describe('by keyboard alone', () => {
  const routes = wanted.filter((state) => ['login-demo', 'floor', 'approvals', 'disaster', 'incidents', 'incident', 'devices', 'devices-many', 'device', 'attestation', 'people', 'loans', 'loan', 'clients', 'client', 'desktops', 'rules', 'flows', 'flow-drawn', 'pools', 'networks', 'roles', 'readiness', 'shifts', 'refusals', 'policies', 'training', 'posture', 'audit', 'reports', 'trunks', 'queues', 'skills', 'calls', 'callreports', 'recordings', 'recording'].includes(state.name));
  test.each(routes)('$name: everything that can be pressed is reached, and the focus is seen', async (state) => {
    const { page } = await sight.open(state, false);
    const wantedCount = await page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, [tabindex="0"]')];
      const reachable = all.filter((one) => one.tabIndex >= 0 && !(one as HTMLButtonElement).disabled && one.checkVisibility() && !(one instanceof HTMLInputElement && one.type === 'radio' && !one.checked));
      for (const one of reachable) one.dataset['wanted'] = 'yes';
      (document.activeElement as HTMLElement | null)?.blur();
      return reachable.length;
    });
    expect(wantedCount).toBeGreaterThan(3);
    const unseen: string[] = [];
    for (let step = 0; step < wantedCount + 20; step++) {
      await page.keyboard.press('Tab');
      const fault = await page.evaluate(() => {
        const at = document.activeElement as HTMLElement | null;
        if (!at || at === document.body) return '';
        at.dataset['reached'] = 'yes';
        const outline = getComputedStyle(at);
        const beside = at.nextElementSibling ?? at.parentElement;
        const seen = [outline, ...(beside ? [getComputedStyle(beside)] : [])].some((style) => (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none');
        return seen ? '' : at.outerHTML.slice(0, 120);
      });
      if (fault !== '') unseen.push(fault);
    }
    const missed = await page.evaluate(() => [...document.querySelectorAll('[data-wanted]:not([data-reached])')].map((one) => one.outerHTML.slice(0, 160)));
    expect(missed).toEqual([]);
    expect(unseen).toEqual([]);
  });

  test('a dialog takes the focus, closes by Escape and gives it back', async () => {
    const state = shown.find((one) => one.name === 'devices');
    if (!state) throw new Error('no such state');
    const { page } = await sight.open(state, false);
    const begin = page.getByRole('button', { name: 'PCを登録' });
    await begin.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null)).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.clock.runFor(500);
    expect(await begin.evaluate((one) => one === document.activeElement)).toBe(true);
  });

  test('Enter while an input method composes sends nothing', async () => {
    const state = shown.find((one) => one.name === 'approvals');
    if (!state) throw new Error('no such state');
    const { page } = await sight.open(state, false);
    const field = page.getByRole('article').first().getByRole('textbox');
    await field.fill('1234');
    sight.harness.sent.length = 0;
    await field.evaluate((one) => one.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true })));
    expect(sight.harness.sent).toEqual([]);
  });
});

describe('what is sent', () => {
  test('the code that was typed, folded', async () => {
    const state = shown.find((one) => one.name === 'approvals');
    if (!state) throw new Error('no such state');
    const { page } = await sight.open({ ...state, answers: { ...state.answers, 'POST /approvals/*/decide': { body: { ...a.approvals[0], state: 'approved' } } } }, false);
    sight.harness.sent.length = 0;
    const card = page.getByRole('article').first();
    await card.getByRole('textbox').fill('０４２７');
    await card.getByRole('button', { name: '承認する' }).click();
    await page.getByText('の依頼を承認しました。').waitFor();
    expect(sight.harness.sent).toEqual([{ route: `POST /approvals/${a.approvals[1]!.id}/decide`, query: '', body: { approve: true, code: '0427' } }]);
  });

  test('a 401 anywhere signs the page out and forgets what it knew', async () => {
    const state = shown.find((one) => one.name === 'people');
    if (!state) throw new Error('no such state');
    const { page } = await sight.open(state, false);
    sight.harness.answers = { ...state.answers, 'GET /people': a.problem(401, 'console.signed_out', 'ログインしていません。', 'もう一度ログインしてください。') };
    sight.harness.tell('device.changed');
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await page.getByRole('link', { name: '貸与PC' }).click();
    await page.getByRole('link', { name: '利用者' }).click();
    await page.clock.runFor(6_000);
    await page.getByRole('link', { name: '貸与PC' }).click().catch(() => undefined);
    await page.getByRole('link', { name: '利用者' }).click().catch(() => undefined);
    await page.getByRole('button', { name: 'パスキーでログイン' }).waitFor();
    expect(await page.content()).not.toContain('op-001');
  });
});
