import axeCore from 'axe-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as a from './answers';
import { Harness } from './harness';
import { shown, type Shown } from './states';

const pictures = fileURLToPath(new URL('../../../../build/screens/console', import.meta.url));
const harness = new Harness();
const only = process.env['ONLY'];
let browser: Browser;
let origin: string;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
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

describe.each(['ja', 'en'] as const)('%s', (language) => {
  test.each(wanted)('$name', async (state) => {
    const { page, complaints } = await open(state, language === 'en');
    await page.screenshot({ path: join(pictures, `${state.name}-${language}.png`) });
    expect(await faults(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page must not scroll sideways').toBe(true);
  });
});
