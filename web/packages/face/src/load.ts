import { Demo } from './demo.ts';
import type { Model } from './model.ts';
import type { Nets } from './measure.ts';
import type { Failure } from './protocol.ts';
import { Standard, runtime } from './standard.ts';

/** LoadError says why there is no engine; it never leads to a weaker one. */
export class LoadError extends Error {
  constructor(
    readonly failure: Failure,
    detail: string,
  ) {
    super(detail);
  }
}

/**
 * loadNets fetches the models that the agent pinned, checks each file's
 * SHA-256 and only then gives it to the runtime. The models' roles say which
 * engine it is: a set with "landmarks" is the demonstration's.
 */
export async function loadNets(models: readonly Model[], wasmPath: string): Promise<Nets> {
  runtime(wasmPath);
  const file = async (role: string): Promise<Uint8Array> => {
    const m = models.find((x) => x.role === role);
    if (!m) throw new LoadError('model.missing', role);
    return fetchPinned(m);
  };
  try {
    if (models.some((m) => m.role === 'landmarks')) {
      return await Demo.load({ detector: await file('detector'), landmarks: await file('landmarks'), embedder: await file('embedder') });
    }
    return await Standard.load({ detector: await file('detector'), embedder: await file('embedder'), liveness: await file('liveness') });
  } catch (e) {
    throw e instanceof LoadError ? e : new LoadError('model.failed', String(e));
  }
}

async function fetchPinned(m: Model): Promise<Uint8Array> {
  const answer = await fetch(m.url, { cache: 'no-store' }).catch(() => null);
  if (!answer?.ok) throw new LoadError('model.missing', m.name);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(sum, (b) => b.toString(16).padStart(2, '0')).join('');
  if (hex !== m.sha256) throw new LoadError('model.mismatch', m.name);
  return bytes;
}
