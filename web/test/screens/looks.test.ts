import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch, pictures, resize, visit, type Size } from './browser.ts';
import { shown } from './states.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Violation = { id: string; help: string; nodes: string[] };

let seeing: Browser;
let blind: Browser;

beforeAll(async () => {
  [seeing, blind] = await Promise.all([launch(true), launch(false)]);
});
afterAll(async () => {
  await Promise.all([seeing?.close(), blind?.close()]);
});

const only = process.env.SCREENS?.split(',');
const all = shown.filter((s) => !only || only.some((name) => s.name.startsWith(name)));

describe.each(['ja', 'en'] as const)('%s', (language) => {
  test.each(all)('$name: seen, accessible, within the policy', async ({ name, scene, act, see, noCamera }) => {
    const v = await visit(noCamera ? blind : seeing, 'still', language, (s) => scene?.(s, language));
    try {
      await act?.(v);
      for (const size of ['wide', 'zoomed'] as Size[]) {
        await resize(v.page, size);
        await v.page.locator(see).first().waitFor();
        await v.page.waitForTimeout(200);
        if (pictures) await v.page.screenshot({ path: join(pictures, `${name}-${language}-${size}.png`), scale: size === 'wide' ? 'css' : 'device' });
        expect(await violationsOf(v.page), size).toEqual([]);
        const overflow = await v.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(overflow, `${size} scrolls sideways`).toBeLessThanOrEqual(0);
      }
      // The sandbox of the console's frame keeps mistakes in, as it says; scripts of the same origin could leave it.
      expect(v.complaints.filter((c) => !/403|404|410|net::|can escape its sandboxing/.test(c))).toEqual([]);
    } finally {
      await v.leave();
    }
  });
});

/** violationsOf runs axe in the page by the debugger, which the page's own policy does not bind. */
async function violationsOf(page: Awaited<ReturnType<typeof visit>>['page']): Promise<Violation[]> {
  const session = await page.context().newCDPSession(page);
  const run = `${axe};axe.run(document,{runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r=>JSON.stringify(r.violations.map(v=>({id:v.id,help:v.help,nodes:v.nodes.map(n=>n.target.join(' ')+' '+(n.any[0]?.message??''))}))))`;
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', { expression: run, awaitPromise: true });
  if (exceptionDetails) throw new Error(`axe: ${exceptionDetails.text} ${exceptionDetails.exception?.description ?? ''}`);
  return JSON.parse(String(result.value)) as Violation[];
}
