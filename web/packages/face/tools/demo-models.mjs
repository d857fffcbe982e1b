// Builds the demonstration engine's three models from the weights that the npm
// package @vladmandic/face-api ships (MIT): tiny face detector, 68 landmarks,
// 128-D descriptor. The layers are those of its own sources; the files come out
// the same byte for byte everywhere, so that they can be pinned like the others.
//
//   node web/packages/face/tools/demo-models.mjs OUT_FOLDER
//
// prints "sha256  name" for each file.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Graph } from './onnx.mjs';

const source = join(dirname(fileURLToPath(import.meta.url)), '../../../node_modules/@vladmandic/face-api/model');
const out = process.argv[2];
if (!out) {
  console.error('usage: demo-models.mjs OUT_FOLDER');
  process.exit(2);
}

/** weights reads a manifest and its file: name → { shape, data }. */
function weights(name) {
  const [group] = JSON.parse(readFileSync(join(source, `${name}-weights_manifest.json`), 'utf8'));
  const file = readFileSync(join(source, group.paths[0]));
  const found = new Map();
  let at = 0;
  for (const w of group.weights) {
    const n = w.shape.reduce((a, b) => a * b, 1);
    const data = new Float32Array(n);
    const q = w.quantization;
    if (q) {
      for (let i = 0; i < n; i++) data[i] = file[at + i] * q.scale + q.min;
      at += n;
    } else {
      for (let i = 0; i < n; i++) data[i] = file.readFloatLE(at + 4 * i);
      at += 4 * n;
    }
    found.set(w.name, { shape: w.shape, data });
  }
  if (at !== file.length) throw new Error(`${name}: ${file.length - at} bytes left over`);
  return (path) => {
    const w = found.get(path);
    if (!w) throw new Error(`${name}: no ${path}`);
    return w;
  };
}

/** kernel turns [height, width, in, out] into [out, in, height, width], each output times its factor. */
function kernel({ shape: [h, w, n, m], data }, factor = null) {
  const k = new Float32Array(data.length);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      for (let i = 0; i < n; i++)
        for (let o = 0; o < m; o++) k[((o * n + i) * h + y) * w + x] = data[((y * w + x) * n + i) * m + o] * (factor ? factor[o] : 1);
  return [k, [m, n, h, w]];
}

/** depthwise turns [height, width, channels, 1] into [channels, 1, height, width]. */
function depthwise({ shape: [h, w, c], data }) {
  const k = new Float32Array(data.length);
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) for (let i = 0; i < c; i++) k[(i * h + y) * w + x] = data[(y * w + x) * c + i];
  return [k, [c, 1, h, w]];
}

const same = { auto_pad: 'SAME_UPPER' };
const bias = (g, b) => g.tensor(b.data, b.shape);
const conv = (g, x, filters, b, stride, attributes) =>
  g.node('Conv', [x, g.tensor(...kernel(filters)), bias(g, b)], { strides: [stride, stride], ...attributes });

function separable(g, x, w, path, stride) {
  const [k, dims] = depthwise(w(`${path}/depthwise_filter`));
  const d = g.node('Conv', [x, g.tensor(k, dims)], { strides: [stride, stride], group: dims[0], ...same });
  return conv(g, d, w(`${path}/pointwise_filter`), w(`${path}/bias`), 1, {});
}

function detector() {
  const w = weights('tiny_face_detector_model');
  const side = 416;
  const g = new Graph('demo-detector', 'input', [1, 3, side, side]);
  const leaky = (x) => g.node('LeakyRelu', [x], { alpha: 0.1 });
  const pool = (x, s) => g.node('MaxPool', [x], { kernel_shape: [2, 2], strides: [s, s], ...same });
  let x = pool(leaky(conv(g, 'input', w('conv0/filters'), w('conv0/bias'), 1, {})), 2);
  for (let i = 1; i <= 5; i++) x = pool(leaky(separable(g, x, w, `conv${i}`, 1)), i < 5 ? 2 : 1);
  const y = conv(g, x, w('conv8/filters'), w('conv8/bias'), 1, {});
  g.node('Transpose', [y], { perm: [0, 2, 3, 1] }, 'output');
  return g.model([['output', [1, 13, 13, 25]]]);
}

function landmarks() {
  const w = weights('face_landmark_68_model');
  const g = new Graph('demo-landmarks', 'input', [1, 3, 112, 112]);
  const relu = (x) => g.node('Relu', [x]);
  const add = (a, b) => g.node('Add', [a, b]);
  let x = 'input';
  for (let b = 0; b < 4; b++) {
    const first = b === 0 ? conv(g, x, w('dense0/conv0/filters'), w('dense0/conv0/bias'), 2, same) : separable(g, x, w, `dense${b}/conv0`, 2);
    const one = relu(first);
    const two = separable(g, one, w, `dense${b}/conv1`, 1);
    const three = separable(g, relu(add(one, two)), w, `dense${b}/conv2`, 1);
    const sum = add(two, three);
    const four = separable(g, relu(add(one, sum)), w, `dense${b}/conv3`, 1);
    x = relu(add(one, add(two, add(three, four))));
  }
  const flat = g.node('Flatten', [g.node('AveragePool', [x], { kernel_shape: [7, 7], strides: [2, 2] })], { axis: 1 });
  const fc = w('fc/weights');
  g.node('Gemm', [flat, g.tensor(fc.data, fc.shape), bias(g, w('fc/bias'))], {}, 'output');
  return g.model([['output', [1, 136]]]);
}

function embedder() {
  const w = weights('face_recognition_model');
  const g = new Graph('demo-embedder', 'input', [1, 3, 150, 150]);
  const relu = (x) => g.node('Relu', [x]);
  const layer = (x, path, stride, attributes) => {
    const scale = w(`${path}/scale/weights`).data; // folded into the filters
    const shift = w(`${path}/scale/biases`).data;
    const b = w(`${path}/conv/bias`).data.map((v, i) => v * scale[i] + shift[i]);
    return g.node('Conv', [x, g.tensor(...kernel(w(`${path}/conv/filters`), scale)), g.tensor(b, [b.length])], { strides: [stride, stride], ...attributes });
  };
  const pad = (x, amounts) => g.node('Pad', [x, g.tensor(BigInt64Array.from(amounts, BigInt), [8])]);
  const keep = (x, path) => relu(g.node('Add', [layer(relu(layer(x, `${path}/conv1`, 1, same)), `${path}/conv2`, 1, same), x]));
  const down = (x, path, side, inside, outside) => {
    let y = layer(relu(layer(x, `${path}/conv1`, 2, {})), `${path}/conv2`, 1, same);
    let p = g.node('AveragePool', [x], { kernel_shape: [2, 2], strides: [2, 2] });
    const made = Math.floor((side - 3) / 2) + 1;
    const pooled = Math.floor(side / 2);
    if (made !== pooled) y = pad(y, [0, 0, 0, 0, 0, 0, pooled - made, pooled - made]);
    if (inside !== outside) p = pad(p, [0, 0, 0, 0, 0, outside - inside, 0, 0]);
    return [relu(g.node('Add', [p, y])), pooled];
  };
  let x = g.node('MaxPool', [relu(layer('input', 'conv32_down', 2, {}))], { kernel_shape: [3, 3], strides: [2, 2] });
  let side = 35;
  for (const p of ['conv32_1', 'conv32_2', 'conv32_3']) x = keep(x, p);
  [x, side] = down(x, 'conv64_down', side, 32, 64);
  for (const p of ['conv64_1', 'conv64_2', 'conv64_3']) x = keep(x, p);
  [x, side] = down(x, 'conv128_down', side, 64, 128);
  for (const p of ['conv128_1', 'conv128_2']) x = keep(x, p);
  [x, side] = down(x, 'conv256_down', side, 128, 256);
  for (const p of ['conv256_1', 'conv256_2']) x = keep(x, p);
  [x, side] = down(x, 'conv256_down_out', side, 256, 256);
  const flat = g.node('Flatten', [g.node('GlobalAveragePool', [x])], { axis: 1 });
  const fc = w('fc');
  g.node('MatMul', [flat, g.tensor(fc.data, fc.shape)], {}, 'output');
  return g.model([['output', [1, 128]]]);
}

mkdirSync(out, { recursive: true });
for (const [name, build] of [['demo_detector.onnx', detector], ['demo_landmarks.onnx', landmarks], ['demo_embedder.onnx', embedder]]) {
  const model = build();
  writeFileSync(join(out, name), model);
  console.log(`${createHash('sha256').update(model).digest('hex')}  ${name}`);
}
