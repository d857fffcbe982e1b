import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { markWith, openWith } from './oldKey';

type Sealed = { device: string; record: string; private: string; sealed: string; picture: string; mark: string };

// Sealed by the officers' command: go test ./internal/twin/showing -update (tests run in web/).
const vector = JSON.parse(readFileSync('../internal/twin/showing/testdata/sealed.json', 'utf8')) as Sealed;

async function pairOf(pkcs8: string): Promise<CryptoKeyPair> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const readable = await crypto.subtle.importKey('pkcs8', Uint8Array.from(atob(pkcs8), (c) => c.charCodeAt(0)), curve, true, ['deriveBits']);
  const { kty = '', crv = '', x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', readable);
  return {
    privateKey: await crypto.subtle.importKey('jwk', { kty, crv, x, y, d }, curve, false, ['deriveBits']), // as the page's own: not given out
    publicKey: await crypto.subtle.importKey('jwk', { kty, crv, x, y }, curve, true, []),
  };
}

test('both halves read the same mark of a key', async () => {
  expect(await markWith(await pairOf(vector.private))).toBe(vector.mark);
});

test('the page opens what the officers sealed to it, and nothing that was sealed for another case', async () => {
  const pair = await pairOf(vector.private);
  const { device, record, sealed, picture } = vector;
  expect(await openWith(pair, device, record, sealed)).toBe(`data:image/jpeg;base64,${picture}`);
  expect(await openWith(pair, 'another-pc', record, sealed)).toBeNull();
  expect(await openWith(pair, device, 'another-record', sealed)).toBeNull();
  expect(await openWith(pair, device, record, sealed.slice(0, -4))).toBeNull();
  expect(await openWith(pair, device, record, 'not base64 at all!')).toBeNull();
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  expect(await openWith(await crypto.subtle.generateKey(curve, false, ['deriveBits']), device, record, sealed)).toBeNull();
});
