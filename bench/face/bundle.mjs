// The page's own measuring code, bundled for Node, on the models of a folder.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const web = join(here, '../../web');
export const fromWeb = createRequire(join(web, 'package.json'));

/** Files of each engine, by role. */
export const sets = {
  standard: { detector: 'yunet_s_dynamic.onnx', embedder: 'mobilefacenet_foamliu_128.onnx', liveness: 'minifas_128_int8.onnx' },
  demo: { detector: 'demo_detector.onnx', landmarks: 'demo_landmarks.onnx', embedder: 'demo_embedder.onnx' },
};

export async function pipeline(engine, models) {
  const { rolldown } = await import(pathToFileURL(fromWeb.resolve('rolldown')).href);
  const dir = mkdtempSync(join(tmpdir(), 'sekisho-bench-pipeline-'));
  try {
    const bundle = await rolldown({ input: join(here, 'pipeline.ts'), platform: 'node', logLevel: 'silent', resolve: { modules: [join(web, 'node_modules')] } });
    await bundle.write({ dir, format: 'esm', codeSplitting: false });
    await bundle.close();
    const code = await import(pathToFileURL(join(dir, 'pipeline.js')).href);
    code.runtime(pathToFileURL(join(web, 'node_modules/onnxruntime-web/dist/')).href);
    const files = Object.fromEntries(Object.entries(sets[engine]).map(([role, name]) => [role, readFileSync(join(models, name))]));
    return { ...code, nets: engine === 'demo' ? await code.Demo.load(files) : await code.Standard.load(files) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
