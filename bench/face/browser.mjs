// Plays a clip as the camera of a real Chromium, runs the face package in it
// and relays: frames go out on stdout, one JSON a line; commands come in on
// stdin: {"pace":ms} {"again":true} {"idle":true} {"cpu":true} {"picture":id} {"quit":true}.
//
//   node bench/face/browser.mjs --clip FILE.mjpeg --models DIR [--engine demo] [--width 640 --height 480]

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fromWeb, sets, web } from './bundle.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const { values: o } = parseArgs({
  options: {
    clip: { type: 'string' }, models: { type: 'string' }, engine: { type: 'string', default: 'standard' },
    width: { type: 'string', default: '640' }, height: { type: 'string', default: '480' }, chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const say = (m) => process.stdout.write(`${JSON.stringify(m)}\n`);

const files = new Map();
const models = Object.entries(sets[o.engine]).map(([role, name]) => {
  const bytes = readFileSync(join(o.models, name));
  files.set(`/models/${name}`, bytes);
  return { role, name, url: `/models/${name}`, sha256: createHash('sha256').update(bytes).digest('hex') };
});
for (const name of ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']) files.set(`/ort/${name}`, readFileSync(join(web, 'node_modules/onnxruntime-web/dist', name)));

const dir = mkdtempSync(join(tmpdir(), 'sekisho-bench-face-'));
const { build } = await import(pathToFileURL(fromWeb.resolve('vite')).href);
await build({
  root: join(here, 'page'), configFile: false, logLevel: 'error', worker: { format: 'es' },
  resolve: {
    alias: { '@sekisho/wire': join(web, 'packages/wire/src'), 'onnxruntime-web/wasm': join(web, 'node_modules/onnxruntime-web/dist/ort.wasm.min.mjs') },
  },
  build: { outDir: join(dir, 'page'), target: 'es2023', minify: false, reportCompressedSize: false },
});

const kinds = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.onnx': 'application/octet-stream' };
const server = createServer((req, res) => {
  const path = req.url === '/' ? '/index.html' : req.url.split('?')[0];
  let body = files.get(path);
  if (!body && /^\/(index\.html|assets\/[\w.-]+)$/.test(path)) body = readFileSync(join(dir, 'page', path));
  res.writeHead(body ? 200 : 404, {
    'content-type': kinds[extname(path)] ?? 'text/plain',
    'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp',
    'content-security-policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
  });
  res.end(body ?? 'not found');
});
await new Promise((r) => server.listen(0, '127.0.0.1', r));

const { chromium } = fromWeb('playwright-core');
const context = await chromium.launchPersistentContext(join(dir, 'profile'), {
  executablePath: o.chromium, headless: true, viewport: { width: 800, height: 600 },
  args: ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${o.clip}`],
});
let closing = false;
const close = async () => {
  closing = true;
  await context.close().catch(() => undefined);
  server.close();
  rmSync(dir, { recursive: true, force: true });
  process.exit(0);
};
const page = context.pages()[0] ?? (await context.newPage());
await page.exposeFunction('frame', (json) => { process.stdout.write(`${json}\n`); });
page.on('console', (m) => say({ type: 'console', detail: m.text() }));
page.on('pageerror', (e) => say({ type: 'console', detail: String(e) }));
await page.goto(`http://localhost:${server.address().port}/`);
await page.waitForFunction('typeof window.begin === "function"');
try {
  const engine = await page.evaluate(([m, s]) => window.begin(m, s), [models, { width: +o.width, height: +o.height }]);
  say({ type: 'ready', engine });
} catch (e) {
  say({ type: 'failed', detail: String(e) });
  await close();
}

/** cpu sums the processor time, in seconds, of the browser's processes: those that hold our profile folder's name or descend from one that does. */
function cpu() {
  const all = new Map();
  for (const pid of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const f = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      all.set(pid, { parent: f[1], ticks: +f[11] + +f[12], line: readFileSync(`/proc/${pid}/cmdline`, 'utf8') });
    } catch { /* it ended meanwhile */ }
  }
  const ours = (pid) => { for (let p = pid; all.has(p); p = all.get(p).parent) if (all.get(p).line.includes(dir)) return true; return false; };
  let ticks = 0;
  let renderer = 0;
  for (const [pid, p] of all) {
    if (!ours(pid)) continue;
    ticks += p.ticks;
    if (p.line.includes('--type=renderer')) renderer += p.ticks;
  }
  return { browser: ticks / 100, renderer: renderer / 100 };
}

const lines = createInterface({ input: process.stdin });
const obey = async (m) => {
  if ('pace' in m) await page.evaluate((ms) => window.pace(ms), m.pace);
  if (m.again) { await page.evaluate(() => window.again()); say({ type: 'again' }); }
  if (m.idle) { await page.evaluate(() => window.idle()); say({ type: 'idle' }); }
  if (m.cpu) say({ type: 'cpu', at: performance.now() / 1000, ...cpu() });
  if (m.picture) say({ type: 'picture', size: await page.evaluate((id) => window.picture(id), m.picture) });
  if (m.quit) await close();
};
lines.on('line', (line) => obey(JSON.parse(line)).catch((e) => {
  if (!closing) say({ type: 'failed', detail: String(e) }); // what was still asked of a browser that is closing needs no answer
}));
lines.on('close', close);
