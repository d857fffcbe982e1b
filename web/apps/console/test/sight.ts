import axeCore from 'axe-core';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import * as a from './answers';
import { Harness } from './harness';
import { shown, type Shown } from './states';

// What the files of screens have in common. Each has a browser and a harness of
// its own, so that they run side by side.

// PICTURES=1 takes a picture of each.
const pictures = process.env['PICTURES'] ? fileURLToPath(new URL('../../../../build/screens/console', import.meta.url)) : '';
const only = process.env['ONLY'];

// Without a window of its own a page costs half the processor.
const executablePath = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync)!;

/** wanted are the states to be seen: those whose name begins with ONLY. */
export const wanted = shown.filter((state) => only === undefined || state.name.startsWith(only));

export type Opened = { page: Page; complaints: string[] };

/** Sight opens states of the console in a browser, for the tests of one file. */
export class Sight {
  readonly harness = new Harness();
  private browser?: Browser;
  private origin = '';

  constructor() {
    beforeAll(async () => {
      if (pictures) mkdirSync(pictures, { recursive: true });
      this.origin = await this.harness.listen();
      this.browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    });
    afterAll(async () => {
      await this.browser?.close();
      this.harness.close();
    });
    afterEach(async () => {
      await Promise.all((this.browser?.contexts() ?? []).map((context) => context.close()));
    });
  }

  async open(state: Shown, en: boolean, size = { width: 1280, height: 720 }): Promise<Opened> {
    this.harness.answers = state.answers;
    const context = await this.browser!.newContext({ viewport: size, reducedMotion: 'reduce', locale: en ? 'en-GB' : 'ja-JP' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.clock.install({ time: new Date(a.now) });
    await page.addInitScript((language) => localStorage.setItem('sekisho.console.language', language), en ? 'en' : 'ja');
    await page.goto(this.origin + state.path);
    await page.locator('h1').first().waitFor();
    await page.clock.runFor(700); // what the socket asked for again
    await page.waitForTimeout(150);
    if (state.act) await state.act(page, en);
    await page.clock.runFor(400);
    await page.waitForTimeout(150);
    return { page, complaints };
  }

  /** sound says that the page has no fault, complains of nothing and does not scroll sideways; name is its picture's. */
  async sound({ page, complaints }: Opened, name: string, fullPage = false): Promise<void> {
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage });
    expect(await faults(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page must not scroll sideways').toBe(true);
  }
}

async function faults(page: Page): Promise<string[]> {
  // axe is injected past the page's own policy, which forbids it as it should.
  await page.evaluate(`(() => { const module = undefined; ${axeCore.source} })()`);
  const found = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: typeof axeCore }).axe;
    const result = await run.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return result.violations.map((v) => `${v.id}: ${v.help} ${v.nodes.map((n) => n.target.join(' ') + ' ' + (n.failureSummary ?? '')).join(' | ')}`);
  });
  return found;
}
