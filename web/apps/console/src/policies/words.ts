import { useTexts, type Say } from '@sekisho/ui/language';
import { uiTexts, type UiKey } from '@sekisho/ui/texts';
import { useCallback } from 'react';
import type { GuardPolicy } from '../api/views';
import { policyTexts } from './texts';

type PolicyKey = keyof (typeof policyTexts)['messages'];

/** sentencesOf says a policy in words, one sentence for each rule. */
export function sentencesOf(policy: GuardPolicy, say: Say<PolicyKey>, ui: Say<UiKey>): string[] {
  return [
    say('say.place', { place: ui(policy.place === '' ? 'place.none' : `place.${policy.place}`) }),
    say(policy.onlooker ? 'say.onlooker.on' : 'say.onlooker.off'),
    say('say.absent', { seconds: policy.absent_ms / 1000 }),
    say(policy.reentry === 'standard' ? 'say.reentry.standard' : 'say.reentry.strict'),
    say(policy.lock_os ? 'say.lock.on' : 'say.lock.off'),
    say(policy.allow_software ? 'say.software.on' : 'say.software.off'),
    policy.confirm_every_s === 0 ? say('say.confirm.off') : say('say.confirm', { seconds: policy.confirm_every_s }),
  ];
}

/** usePolicyName names a policy: the two that every centre begins with in words, others as they were named. */
export function usePolicyName(): (name: string) => string {
  const say = useTexts(policyTexts);
  return useCallback((name) => (name === 'home' || name === 'office' ? say(`name.${name}`) : name), [say]);
}

export function usePolicySentences(): (policy: GuardPolicy) => string[] {
  const say = useTexts(policyTexts);
  const ui = useTexts(uiTexts);
  return (policy) => sentencesOf(policy, say, ui);
}
