import { expect, test } from 'vitest';
import { base64url, fitsKey, nameOf } from './list';

const one = { ek: 'ab'.repeat(32), label: 'SN-0042', added: null, device: 'd', asset_tag: 'PC-101' };

test('a key is found by its label, its value and its PC, whatever the width of the letters', () => {
  expect(fitsKey(one, 'ｓｎ－００４２')).toBe(true);
  expect(fitsKey(one, 'ABAB')).toBe(true);
  expect(fitsKey(one, 'pc-101')).toBe(true);
  expect(fitsKey({ ...one, asset_tag: '' }, 'pc-101')).toBe(false);
});

test('a key without a label is named by its beginning', () => {
  expect(nameOf({ ...one, label: '' })).toBe('abababababab…');
});

test('bytes cross as they are', () => {
  expect(base64url(new Uint8Array([0xff, 0xfe, 0x3e, 0x00]))).toBe('__4-AA');
  expect(base64url(new Uint8Array(100_000)).length).toBe(133_334);
});
