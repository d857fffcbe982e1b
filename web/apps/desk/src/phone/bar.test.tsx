import { MantineProvider } from '@mantine/core';
import { startLanguage } from '@sekisho/ui/language';
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { WorkplaceContext } from '../place';
import { Workplace } from '../workplace';
import { PhoneBar } from './PhoneBar';

beforeAll(() => startLanguage(null));

// What the operator's PC has: changed by each test.
let devices: { kind: string; deviceId: string; label: string }[];
let stopped: number;
let root: Root;

class Silent {
  close(): void {}
  send(): void {}
}

beforeEach(async () => {
  stopped = 0;
  const stream = { active: true, getTracks: () => [{ stop: () => void stopped++ }], getAudioTracks: () => [{ stop: () => void stopped++, enabled: true }] };
  vi.stubGlobal('WebSocket', Silent);
  vi.stubGlobal('fetch', async () => Response.json({ type: '', status: 403, code: 'session.required', title: '接続が必要です。', action: '接続してください。' }, { status: 403 }));
  vi.stubGlobal('navigator', {
    language: 'ja',
    mediaDevices: { getUserMedia: async () => stream, enumerateDevices: async () => devices, addEventListener: () => undefined, removeEventListener: () => undefined },
  });
  const place = new Workplace((() => {
    throw new Error('no camera here');
  }) as unknown as ConstructorParameters<typeof Workplace>[0]);
  const at = document.body.appendChild(document.createElement('div'));
  root = createRoot(at);
  await act(async () =>
    root.render(
      <MantineProvider>
        <WorkplaceContext value={place}>
          <PhoneBar />
        </WorkplaceContext>
      </MantineProvider>,
    ),
  );
});
afterEach(async () => {
  await act(async () => root.unmount());
  vi.unstubAllGlobals();
});

const press = (name: string) =>
  act(async () => {
    [...document.querySelectorAll('button')].find((b) => b.textContent === name)?.click();
    await new Promise((done) => setTimeout(done, 20));
  });
const text = () => document.body.textContent ?? '';

test('a loudspeaker is refused, and nothing was asked of the agent', async () => {
  devices = [
    { kind: 'audioinput', deviceId: 'm', label: '内蔵マイク' },
    { kind: 'audiooutput', deviceId: '', label: 'スピーカー (Realtek)' },
  ];
  await press('電話を開く');
  expect(text()).toContain('スピーカーと分かります');
  expect(text()).toContain('ブラウザーに分かるのは機器の名前だけです');
  expect(document.querySelector('.dk-phone')?.getAttribute('data-state')).toBe('closed');
  expect(stopped).toBe(1);
});

test('a headset opens the line at once; a refusal is said in words', async () => {
  devices = [
    { kind: 'audioinput', deviceId: 'm', label: 'USB Headset' },
    { kind: 'audiooutput', deviceId: 'h', label: 'USB Headset' },
  ];
  await press('電話を開く');
  expect(document.querySelector('.dk-phone')?.getAttribute('data-state')).toBe('failed');
  expect(text()).toContain('接続が必要です。');
});

test('what has no telling name opens once the operator says that he wears it', async () => {
  devices = [
    { kind: 'audioinput', deviceId: 'm', label: 'USB Audio' },
    { kind: 'audiooutput', deviceId: 'u', label: 'USB Audio' },
  ];
  await press('電話を開く');
  expect(text()).toContain('ヘッドセットを確かめてから');
  await act(async () => document.querySelector<HTMLInputElement>('input[type=checkbox]')?.click());
  await press('電話を開く');
  expect(document.querySelector('.dk-phone')?.getAttribute('data-state')).toBe('failed'); // it was asked for
});
