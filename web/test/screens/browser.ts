import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalModel } from '@sekisho/wire/local';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { StandInAgent, type Scene } from './agent.ts';
import { openScene } from './scenes.ts';

const web = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const beside = join(web, '..', '..', 'shared');
// The folder that is named, the one beside the checkout, or what an earlier `make` downloaded.
const modelFolder = process.env.SEKISHO_MODELS ?? [join(beside, 'models'), join(web, '..', 'build', 'models')].find(existsSync) ?? '';
const clip = process.env.SEKISHO_CLIP ?? join(beside, 'testdata/faces/op_all.mjpeg');

// Without a window of its own a page costs half the processor.
const executablePath = process.env.SEKISHO_BROWSER ?? ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync)!;

/** pictures is where screenshots go, if PICTURES=1 asks for them: they take half of the time. */
export const pictures = process.env.PICTURES ? join(web, '..', 'build', 'screens') : '';

const files: { [role: string]: string } = {
  detector: 'yunet_s_dynamic.onnx',
  embedder: 'mobilefacenet_foamliu_128.onnx',
  liveness: 'minifas_128_int8.onnx',
};

/** pinnedModels are the models beside the checkout, or none. */
export function pinnedModels(): LocalModel[] {
  if (!existsSync(modelFolder)) return [];
  const there = new Set(readdirSync(modelFolder));
  return Object.entries(files).flatMap(([role, name]) =>
    there.has(name) ? [{ role, name, sha256: createHash('sha256').update(readFileSync(join(modelFolder, name))).digest('hex') }] : [],
  );
}

export type Size = 'wide' | 'zoomed';

/** resize gives the page a desk screen, or the same at 200 % zoom of a small one. */
export async function resize(page: Page, size: Size): Promise<void> {
  await page.setViewportSize(size === 'zoomed' ? { width: 640, height: 360 } : { width: 1280, height: 720 });
}

export async function launch(camera = true): Promise<Browser> {
  if (pictures) mkdirSync(pictures, { recursive: true });
  const fake = camera
    ? ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', ...(existsSync(clip) ? [`--use-file-for-fake-video-capture=${clip}`] : [])]
    : [];
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...fake] });
}

/** Visit is one page with its own agent. */
export type Visit = { agent: StandInAgent; page: Page; context: BrowserContext; complaints: string[]; leave(): Promise<void> };

/** Build is which build is driven: the one that ships, or the one without models. */
export type Build = 'desk' | 'still';

export async function visit(browser: Browser, build: Build, language: string, change: (scene: Scene) => void): Promise<Visit> {
  const scene = openScene(language);
  if (build === 'desk') scene.status.models = pinnedModels();
  change(scene);
  const agent = new StandInAgent(join(web, 'dist', build), modelFolder, scene);
  await agent.listen();
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, deviceScaleFactor: pictures ? 2 : 1, locale: language === 'ja' ? 'ja-JP' : 'en-GB' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.text()} (${message.location().url}:${message.location().lineNumber}:${message.location().columnNumber})`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(agent.page(language));
  return {
    agent,
    page,
    context,
    complaints,
    async leave() {
      await context.close();
      await agent.close();
    },
  };
}
