import { useTexts } from '@sekisho/ui/language';
import { kindTexts } from './kindTexts';

type KnownKind = keyof (typeof kindTexts)['messages'];

export function isKnown(kind: string): kind is KnownKind {
  return kind in kindTexts.messages;
}

/** useKind names a kind of event in words, or by its code when it has none. */
export function useKind(): (kind: string) => string {
  const say = useTexts(kindTexts);
  return (kind) => (isKnown(kind) ? say(kind) : kind);
}

/** knownKinds is the list to choose from. */
export const knownKinds = Object.keys(kindTexts.messages).filter(isKnown);
