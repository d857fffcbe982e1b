import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { base64url, sampleHead } from './listFile';

test('bytes are written as the doors take them', () => {
  expect(base64url(new Uint8Array([0xff, 0xfe, 0xfd, 0xfc]))).toBe('__79_A');
  expect(base64url(new Uint8Array(100_000)).length).toBe(Math.ceil((100_000 * 4) / 3));
});

test('the samples use columns that the server knows', () => {
  const source = readFileSync('../internal/gate/operators/listread.go', 'utf8'); // tests run in web/
  for (const kind of ['joiners', 'leavers'] as const) {
    for (const name of sampleHead(kind)) expect(source).toContain(`"${name.toLowerCase()}":`);
  }
});
