import { expect, test } from 'vitest';
import { fontFamily } from './theme';
import { elapsed, dateTime } from './time';
import { policy } from './trusted';

test('the default policy lets style text through and no markup', () => {
  expect(policy.createHTML(':root{--a:1px}')).toBe(':root{--a:1px}');
  expect(policy.createHTML('<img src=x onerror=alert(1)>')).toBeNull();
  expect(policy.createHTML('&lt;')).toBeNull();
});

test('workers come from our own origin alone', () => {
  expect(policy.createScriptURL('/assets/worker.js')).toContain('/assets/worker.js');
  expect(policy.createScriptURL('https://elsewhere.example/worker.js')).toBeNull();
  expect(policy.createScriptURL('data:text/javascript,1')).toBeNull();
});

test('the font is Noto Sans JP, and never the system’s own', () => {
  expect(fontFamily).toMatch(/^'Noto Sans JP'/);
  expect(fontFamily).toMatch(/sans-serif$/);
  expect(fontFamily).not.toContain('system-ui');
});

test('times are of Japan, lengths have even digits', () => {
  expect(dateTime('2026-11-20T15:01:02Z', 'ja')).toContain('2026/11/21');
  expect(dateTime('not a time', 'ja')).toBe('');
  expect(elapsed(61_000)).toBe('1:01');
  expect(elapsed(3_723_000)).toBe('1:02:03');
  expect(elapsed(-5)).toBe('0:00');
});
