import { defineConfig } from 'vitest/config';
import { alias } from './vite.app.ts';

// Every screen in every state, in a real browser: `npm run screens` after `npm run build:desk`.
export default defineConfig({
  resolve: { alias },
  test: {
    environment: 'node',
    include: ['test/screens/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    maxWorkers: 1,
  },
});
