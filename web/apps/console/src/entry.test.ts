import { expect, test } from 'vitest';
import { routeOf } from './entry';

const at = (address: string) => routeOf(new URL(address));

test.each([
  ['https://console.example.jp/setup#token=abc', '#/setup?token=abc'],
  ['https://console.example.jp/setup?token=abc', '#/setup?token=abc'],
  ['https://console.example.jp/invitation#token=a-b_c', '#/invitation?token=a-b_c'],
  ['http://sekisho.localhost:7777/console/invitation#token=abc', '#/invitation?token=abc'],
  ['https://console.example.jp/setup', '#/setup'],
  ['https://console.example.jp/setup#token=a%26b%3Dc', '#/setup?token=a%26b%3Dc'],
  ['https://console.example.jp/oidc?code=a%2Bb&state=c&session_state=d', '#/oidc?state=c&code=a%2Bb'],
  ['https://console.example.jp/oidc?error=access_denied&state=c', '#/oidc?state=c&error=access_denied'],
])('%s', (address, route) => {
  expect(at(address)).toBe(route);
});

test('every other address is left alone', () => {
  for (const path of ['/', '/#/floor', '/devices', '/setup/x', '/#/setup?token=abc']) expect(at(`https://console.example.jp${path}`)).toBe(null);
});
