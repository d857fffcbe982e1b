import { useTexts } from '@sekisho/ui/language';
import { fieldTexts } from './fieldTexts';

export type FieldName = keyof (typeof fieldTexts)['messages'];

const isField = (name: string): name is FieldName => name in fieldTexts.messages;

/** useExitName says a setting or an exit as people call it. */
export function useExitName(): (name: string) => string {
  const say = useTexts(fieldTexts);
  return (name) => (name.startsWith('choice ') ? say('choice', { key: name.slice(7) }) : isField(name) ? say(name) : name);
}
