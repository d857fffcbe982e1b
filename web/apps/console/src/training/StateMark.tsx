import { CheckIcon, LockIcon, WaitIcon, WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { Mark } from '../parts/Mark';
import { trainingTexts } from './texts';
import type { NeedState } from './views';

/** stateWord names a state; who is overdue is refused only where the rules require it. */
export const stateWord = (state: NeedState, required: boolean) => (state === 'overdue' && !required ? 'state.overdue.free' : (`state.${state}` as const));

/** StateMark is where somebody stands, in a word. */
export function StateMark({ state, required }: { state: NeedState; required: boolean }) {
  const say = useTexts(trainingTexts);
  switch (state) {
    case 'done':
      return (
        <Mark tone="open" icon={<CheckIcon size={16} />}>
          {say('state.done')}
        </Mark>
      );
    case 'soon':
      return (
        <Mark tone="attention" icon={<WarnIcon size={16} />}>
          {say('state.soon')}
        </Mark>
      );
    case 'grace':
      return (
        <Mark tone="quiet" icon={<WaitIcon size={16} />}>
          {say('state.grace')}
        </Mark>
      );
    case 'overdue':
      return (
        <Mark tone="closed" icon={<LockIcon size={16} />}>
          {say(stateWord(state, required))}
        </Mark>
      );
  }
}
