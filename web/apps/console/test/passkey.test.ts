import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The real server, the real door, real passkeys: from `sekisho setup-url` on an
// empty centre to a second person who comes in by an invitation. Chromium holds
// the passkeys in a virtual authenticator. Needs bin/sekisho (make build).

const binary = process.env['SEKISHO'] ?? fileURLToPath(new URL('../../../../bin/sekisho', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'sekisho-console-'));
const config = join(dir, 'sekisho.toml');
let server: ChildProcess;
let browser: Browser;
let origin: string;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

beforeAll(async () => {
  if (!existsSync(binary)) throw new Error(`build the server first: ${binary}`);
  const port = await freePort();
  origin = `http://console.localhost:${port}`;
  writeFileSync(
    config,
    `data = "${join(dir, 'data')}"\n[console]\nlisten = "127.0.0.1:${port}"\norigin = "${origin}"\n[agents]\nlisten = "127.0.0.1:0"\n[wireguard]\nlisten = "127.0.0.1:0"\n`,
    { mode: 0o600 },
  );
  server = spawn(binary, ['serve', '--config', config], { stdio: 'inherit' });
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const deadline = Date.now() + 30_000;
  while (spawnSync(binary, ['audit', 'key', '--config', config]).status !== 0) {
    if (Date.now() > deadline) throw new Error('the server did not start');
    await new Promise((done) => setTimeout(done, 200));
  }
});

afterAll(async () => {
  await browser?.close();
  server?.kill('SIGTERM');
  await new Promise((done) => server?.once('exit', done));
  rmSync(dir, { recursive: true, force: true });
});

async function person(): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'ja-JP' });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  return { context, page };
}

test('set-up, sign out, sign in, invite, come in by the invitation', async () => {
  const admin = await person();
  const complaints: string[] = [];
  admin.page.on('console', (message) => message.type() === 'error' && !/status of 4\d\d/.test(message.text()) && complaints.push(message.text()));

  // A stranger finds only the way to get a link.
  await admin.page.goto(origin);
  await admin.page.getByText('sekisho setup-url').waitFor();

  const link = /http\S+#token=\S+/.exec(spawnSync(binary, ['setup-url', '--config', config], { encoding: 'utf8' }).stdout)?.[0];
  expect(link).toBeDefined();
  await admin.page.goto(link!);
  await admin.page.getByLabel('氏名').fill('見本　管理');
  await admin.page.getByLabel('ログインID').fill('ａｄｍｉｎ');
  await admin.page.getByRole('button', { name: 'パスキーを登録して始める' }).click();
  await admin.page.getByText('自動更新中').waitFor();
  expect((await admin.context.cookies()).map(({ name, httpOnly, secure, sameSite }) => ({ name, httpOnly, secure, sameSite }))).toEqual([
    { name: '__Host-sekisho', httpOnly: true, secure: true, sameSite: 'Strict' },
  ]);
  expect(await admin.page.evaluate(() => document.cookie)).toBe('');

  // The link is used up, and the page is closed for good.
  const late = await person();
  await late.page.goto(link!);
  await late.page.getByText('最初の管理者は登録済みです。').waitFor();
  await late.context.close();

  await admin.page.getByRole('button', { name: 'ログアウト' }).click();
  await admin.page.getByRole('button', { name: 'パスキーでログイン' }).click();
  await admin.page.getByText('自動更新中').waitFor();

  await admin.page.goto(`${origin}/#/people`);
  await admin.page.getByRole('button', { name: '利用者を追加' }).click();
  const dialog = admin.page.getByRole('dialog');
  await dialog.getByLabel('氏名').fill('見本 監督');
  await dialog.getByLabel('ログインID').fill('sv');
  await dialog.getByLabel('オペレーター', { exact: true }).uncheck();
  await dialog.getByLabel('スーパーバイザー', { exact: true }).check();
  await dialog.getByRole('button', { name: '追加する' }).click();
  await admin.page.getByRole('dialog').getByRole('button', { name: '招待リンクを発行' }).click();
  const invitation = await admin.page.getByRole('textbox', { name: '招待リンク' }).textContent();
  expect(invitation).toContain('#token=');

  const sv = await person();
  await sv.page.goto(invitation!);
  await sv.page.getByRole('button', { name: '登録を始める' }).click();
  await sv.page.getByText('パスキーを登録しました。').waitFor();
  await sv.page.getByRole('link', { name: 'ログイン画面へ' }).click();
  await sv.page.getByRole('heading', { name: '稼働状況' }).waitFor();
  await sv.page.goto(`${origin}/#/devices`);
  await sv.page.getByRole('heading', { name: 'この画面を使う権限がありません' }).waitFor();

  // Suspended: the open page falls back to the sign-in.
  await admin.page.keyboard.press('Escape');
  await admin.page.goto(`${origin}/#/floor`);
  await admin.page.goto(`${origin}/#/people`);
  await admin.page.getByRole('button', { name: '見本 監督の設定を開く' }).click();
  await admin.page.getByRole('button', { name: '利用を停止する' }).click();
  await admin.page.getByLabel('理由').fill('試験');
  await admin.page.getByRole('dialog').last().getByRole('button', { name: '利用を停止する' }).click();
  await sv.page.getByRole('button', { name: 'パスキーでログイン' }).waitFor({ timeout: 20_000 });
  await sv.page.getByRole('button', { name: 'パスキーでログイン' }).click();
  await sv.page.getByRole('alert').waitFor();

  expect(complaints).toEqual([]);
});
