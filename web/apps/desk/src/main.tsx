import { createFaceEngine } from '@sekisho/face/engine';
import { startApp } from '@sekisho/ui/start';
import type { LocalModel } from '@sekisho/wire/local';
import { Desk } from './Desk';
import './desk.css';
import { takeEntry } from './entry';
import type { EngineMaker } from './eyes';
import { WorkplaceContext } from './place';
import { Workplace } from './workplace';

const roles = ['detector', 'embedder', 'liveness', 'landmarks'] as const;

/** The pinned models come from our own origin, the WASM runtime lies beside the page. */
const makeEngine: EngineMaker = (models, onFailed) =>
  createFaceEngine({ models: models.flatMap(pinned), wasmPath: '/ort/', onFailed });

function pinned({ role, name, sha256 }: LocalModel) {
  const known = roles.find((r) => r === role);
  return known ? [{ role: known, name, sha256, url: `/models/${encodeURIComponent(name)}` }] : [];
}

const entry = takeEntry();
const workplace = new Workplace(makeEngine);

startApp(
  <WorkplaceContext value={workplace}>
    <Desk />
  </WorkplaceContext>,
  entry.language,
);
void workplace.begin(entry);
