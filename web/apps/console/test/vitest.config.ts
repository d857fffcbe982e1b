import { defineConfig } from 'vitest/config';
import { alias } from '../../../vite.app.ts';

// Every screen of the console in every state, in a real browser, after
// `npm run build:console`: npm run screens:console
export default defineConfig({
  resolve: { alias },
  test: {
    environment: 'node',
    include: ['apps/console/test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2, // much of their time is a browser that waits
  },
});
