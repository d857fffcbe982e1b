import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin, UserConfig } from 'vite';

const web = dirname(fileURLToPath(import.meta.url));

/** alias maps the packages' names to their sources, for apps and tests alike. */
export const alias = {
  '@sekisho/ui': join(web, 'packages/ui/src'),
  '@sekisho/wire': join(web, 'packages/wire/src'),
  '@sekisho/face': join(web, 'packages/face/src'),
};

/**
 * The WASM runtime is copied as it is and loaded from /ort/ by its name: the
 * condition below picks the build that does not ask the bundler for a second,
 * hashed copy of the same 14 MB.
 */
export const conditions = ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'development|production'];

const runtime = ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'];

function keepFolder(dir: string): Plugin {
  return { name: 'sekisho:keep', closeBundle: () => writeFileSync(join(dir, '.gitkeep'), '') };
}

function copyRuntime(dir: string): Plugin {
  return {
    name: 'sekisho:ort',
    closeBundle() {
      mkdirSync(join(dir, 'ort'), { recursive: true });
      for (const file of runtime) {
        copyFileSync(join(web, 'node_modules/onnxruntime-web/dist', file), join(dir, 'ort', file));
      }
    },
  };
}

/** appConfig is the whole difference between the apps: their name, and who needs the model runtime. */
export function appConfig(app: 'desk' | 'console', options: { runtime: boolean; base: string }): UserConfig {
  const outDir = join(web, 'dist', app);
  return {
    root: join(web, 'apps', app),
    base: options.base,
    html: { cspNonce: '__NONCE__' },
    resolve: { alias, conditions },
    plugins: [react(), keepFolder(outDir), ...(options.runtime ? [copyRuntime(outDir)] : [])],
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0, // a data: URL would need a hole in the policy
      chunkSizeWarningLimit: 2000, // served from the same machine
      reportCompressedSize: false,
    },
  };
}
