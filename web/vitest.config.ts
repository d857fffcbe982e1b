import { defineConfig } from 'vitest/config';
import { alias } from './vite.app.ts';

export default defineConfig({
  resolve: { alias },
  test: {
    environment: 'happy-dom',
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'packages/*/test/**/*.test.{ts,tsx}', 'apps/*/src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}'],
    exclude: ['test/screens/**', 'node_modules/**'],
    setupFiles: ['./test/setup.ts'],
    maxWorkers: 2,
  },
});
