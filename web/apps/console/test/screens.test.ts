import axeCore from 'axe-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as a from './answers';
import { Harness } from './harness';
import { shown, type Shown } from './states';

// PICTURES=1 takes a picture of each.
const pictures = process.env['PICTURES'] ? fileURLToPath(new URL('../../../../build/screens/console', import.meta.url)) : '';
const harness = new Harness();
const only = process.env['ONLY'];
let browser: Browser;
let origin: string;

beforeAll(async () => {
  if (pictures) mkdirSync(pictures, { recursive: true });
  origin = await harness.listen();
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
});

afterAll(async () => {
  await browser?.close();
  harness.close();
});

type Opened = { page: Page; complaints: string[] };

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

async function open(state: Shown, en: boolean, size = { width: 1280, height: 720 }): Promise<Opened> {
  harness.answers = state.answers;
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce', locale: en ? 'en-GB' : 'ja-JP' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.clock.install({ time: new Date(a.now) });
  await page.addInitScript((language) => localStorage.setItem('sekisho.console.language', language), en ? 'en' : 'ja');
  await page.goto(origin + state.path);
  await page.locator('h1').first().waitFor();
  await page.clock.runFor(700); // what the socket asked for again
  await page.waitForTimeout(150);
  if (state.act) await state.act(page, en);
  await page.clock.runFor(400);
  await page.waitForTimeout(150);
  return { page, complaints };
}

async function faults(page: Page): Promise<string[]> {
  // axe is injected past the page's own policy, which forbids it as it should.
  await page.evaluate(`(() => { const module = undefined; ${axeCore.source} })()`);
  const found = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: typeof axeCore }).axe;
    const result = await run.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return result.violations.map((v) => `${v.id}: ${v.help} ${v.nodes.map((n) => n.target.join(' ') + ' ' + (n.failureSummary ?? '')).join(' | ')}`);
  });
  return found;
}

const wanted = shown.filter((state) => only === undefined || state.name.startsWith(only));

// What 1280×720 leaves at 200 % zoom.
const zoomed = ['login-demo', 'floor', 'floor-table', 'floor-seat', 'approvals', 'approvals-acts', 'approvals-act-rules', 'approvals-auditor', 'approvals-bulk', 'approvals-deputy', 'disaster', 'disaster-declare', 'incidents', 'incident', 'devices', 'device-pending', 'attestation', 'attestation-faults', 'issue-2', 'people', 'people-edit', 'people-lists-refused', 'people-slip', 'loans', 'loan', 'loan-returned', 'kitting-refused', 'kitting-slips', 'lost', 'login-password', 'login-provider', 'people-identity', 'invitation-password-faults', 'approvals-locked', 'clients', 'client', 'client-assign', 'desktops', 'rules', 'rules-checked', 'rules-who', 'pools', 'networks', 'shifts', 'shifts-edit', 'shifts-list', 'roles', 'roles-faults', 'approvals-role', 'refusals', 'policies', 'policies-edit', 'training', 'training-courses', 'training-documents', 'training-document', 'posture', 'posture-edit', 'device-posture', 'audit', 'audit-row', 'audit-checkpoint', 'audit-take', 'audit-siem-failing', 'reports', 'reports-make'];

describe('at 200 % zoom', () => {
  test.each(wanted.filter((state) => zoomed.includes(state.name)))('$name', async (state) => {
    const { page, complaints } = await open(state, false, { width: 640, height: 360 });
    if (pictures) await page.screenshot({ path: join(pictures, `${state.name}-zoom.png`), fullPage: true });
    expect(await faults(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page must not scroll sideways').toBe(true);
  });
});

describe('by keyboard alone', () => {
  const routes = wanted.filter((state) => ['login-demo', 'floor', 'approvals', 'disaster', 'incidents', 'incident', 'devices', 'device', 'attestation', 'people', 'loans', 'loan', 'clients', 'client', 'desktops', 'rules', 'pools', 'networks', 'roles', 'shifts', 'refusals', 'policies', 'training', 'posture', 'audit', 'reports'].includes(state.name));
  test.each(routes)('$name: everything that can be pressed is reached, and the focus is seen', async (state) => {
    const { page } = await open(state, false);
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
    const { page } = await open(state, false);
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
    const { page } = await open(state, false);
    const field = page.getByRole('article').first().getByRole('textbox');
    await field.fill('1234');
    harness.sent.length = 0;
    await field.evaluate((one) => one.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true })));
    expect(harness.sent).toEqual([]);
  });
});

describe('what is sent', () => {
  test('the code that was typed, folded', async () => {
    const state = shown.find((one) => one.name === 'approvals');
    if (!state) throw new Error('no such state');
    const { page } = await open({ ...state, answers: { ...state.answers, 'POST /approvals/*/decide': { body: { ...a.approvals[0], state: 'approved' } } } }, false);
    harness.sent.length = 0;
    const card = page.getByRole('article').first();
    await card.getByRole('textbox').fill('０４２７');
    await card.getByRole('button', { name: '承認する' }).click();
    await page.getByText('の依頼を承認しました。').waitFor();
    expect(harness.sent).toEqual([{ route: `POST /approvals/${a.approvals[1]!.id}/decide`, query: '', body: { approve: true, code: '0427' } }]);
  });

  test('a 401 anywhere signs the page out and forgets what it knew', async () => {
    const state = shown.find((one) => one.name === 'people');
    if (!state) throw new Error('no such state');
    const { page } = await open(state, false);
    harness.answers = { ...state.answers, 'GET /people': a.problem(401, 'console.signed_out', 'ログインしていません。', 'もう一度ログインしてください。') };
    harness.tell('device.changed');
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

describe.each(['ja', 'en'] as const)('%s', (language) => {
  test.each(wanted)('$name', async (state) => {
    const { page, complaints } = await open(state, language === 'en');
    if (pictures) await page.screenshot({ path: join(pictures, `${state.name}-${language}.png`) });
    expect(await faults(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page must not scroll sideways').toBe(true);
  });
});
