import { defineConfig } from 'vitest/config';
import { alias } from '../../../vite.app.ts';

// Every screen of the console in every state, in a real browser, after
// `npm run build:console`: npx vitest run --config apps/console/test/vitest.config.ts
export default defineConfig({
  resolve: { alias },
  test: {
    environment: 'node',
    include: ['apps/console/test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    maxWorkers: 1,
  },
});
