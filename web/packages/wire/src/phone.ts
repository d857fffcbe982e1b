import { z } from './z';

// Mirrors internal/wire/phone.go: the operator's telephone.

/** LocalRelay answers POST /local/v1/phone. */
export const LocalRelay = z.object({ urls: z.array(z.string()), username: z.string(), credential: z.string() });
export type LocalRelay = z.infer<typeof LocalRelay>;

/** LineOffer is POST /calls/line. */
export type LineOffer = { offer: string };

/** LineAnswer is its answer. */
export const LineAnswer = z.object({ line: z.string(), answer: z.string() });
export type LineAnswer = z.infer<typeof LineAnswer>;

/** LineReplaced is the event for the page that lost its line to a newer one. */
export const LineReplaced = z.object({ type: z.literal('line.replaced'), data: z.object({ line: z.string() }) });
