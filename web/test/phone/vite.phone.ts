import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { alias } from '../../vite.app.ts';

// Only test/story builds it, into a folder of its own.
export default defineConfig({
  root: dirname(fileURLToPath(import.meta.url)),
  html: { cspNonce: '__NONCE__' },
  resolve: { alias },
  build: { target: 'es2023', modulePreload: { polyfill: false }, assetsInlineLimit: 0, emptyOutDir: true },
});
