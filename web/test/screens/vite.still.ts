import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vite';
import { appConfig } from '../../vite.app.ts';

const here = dirname(fileURLToPath(import.meta.url));

// The desk with an engine that needs no models, for tests of its looks. Only `npm run screens` builds it.
const base = appConfig('desk', { runtime: false, base: '/' });
export default defineConfig({
  ...mergeConfig(base, { build: { outDir: join(here, '../../dist/still') } }),
  plugins: base.plugins?.slice(0, 1) ?? [],
  resolve: { ...base.resolve, alias: { '@sekisho/face/engine': join(here, 'stillEngine.ts'), ...base.resolve?.alias } },
});
