import { useTexts } from '@sekisho/ui/language';
import { useCallback } from 'react';
import type { PostureRule } from '../api/views';
import { checks, limited, platforms, systemName } from './draft';
import { postureTexts } from './texts';

/** useCheckName names a check in words. */
export function useCheckName(): (check: string) => string {
  const say = useTexts(postureTexts);
  return useCallback(
    (check) => {
      const known = checks.find((one) => one === check);
      return known ? say(`check.${known}`) : check;
    },
    [say],
  );
}

/** useRuleWords says one rule: its check, its number and, where they are not all, its systems. */
export function useRuleWords(): (rule: PostureRule, agent: string) => string {
  const say = useTexts(postureTexts);
  const name = useCheckName();
  return (rule, agent) => {
    let words = name(rule.check);
    if (limited(rule.check)) words = say(`limit.${rule.check}`, { name: words, limit: rule.limit });
    if (rule.check === 'agent_version' && agent !== '') words = say('limit.agent_version', { name: words, limit: agent });
    const on = platforms.filter((platform) => rule.on.includes(platform));
    if (on.length === platforms.length || rule.level === 'off') return words;
    return say('on', { name: words, platforms: on.map((platform) => systemName[platform]).join(say('separator')) });
  };
}
