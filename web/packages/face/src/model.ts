import type { LocalModel } from '@sekisho/wire/local';

/**
 * Model is one pinned file: LocalModel of the agent's status, and its address
 * on our own origin. Roles: detector, embedder, liveness; landmarks in place of
 * liveness makes it the demonstration's set.
 */
export interface Model extends LocalModel {
  url: string;
}

/** EngineName says whose models measure: "demo" ones may never serve as a key, and the page must say so. */
export type EngineName = 'standard' | 'demo';
