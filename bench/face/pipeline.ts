// The page's own measuring code, bundled for Node by bench/face/run.mjs.
export { suppress } from '../../web/packages/face/src/detect.ts';
export { Brightness } from '../../web/packages/face/src/light.ts';
export { measureFaces } from '../../web/packages/face/src/measure.ts';
export { Standard, runtime } from '../../web/packages/face/src/standard.ts';
export { Demo } from '../../web/packages/face/src/demo.ts';
