import { Button, Group, Text } from '@mantine/core';
import type { Problem } from '@sekisho/wire/problem';
import { WarnIcon } from './icons';
import { useTexts } from './language';
import { uiTexts, type UiKey } from './texts';

export type ProblemNoticeProps = {
  problem: Problem;
  onRetry?: () => void;
  retryLabel?: string;
};

/** ProblemNotice says what is wrong and what to do; it is read out as soon as it appears. */
export function ProblemNotice({ problem, onRetry, retryLabel }: ProblemNoticeProps) {
  const say = useTexts(uiTexts);
  const own = problem.code in uiTexts.messages && problem.title === '';
  const title = own ? say(problem.code as UiKey) : problem.title;
  const action = own ? say(`${problem.code}.do` as UiKey) : problem.action;
  return (
    <div className="sk-problem" role="alert">
      <span className="sk-problem-icon">
        <WarnIcon size={22} />
      </span>
      <div className="sk-problem-body">
        <Text fw={600}>{title}</Text>
        {action !== '' && <Text size="sm">{action}</Text>}
        <Group justify="space-between" gap="sm" mt={6}>
          <Text size="xs" className="sk-problem-code">
            {say('problem.code', { code: problem.code })}
          </Text>
          {onRetry && (
            <Button size="compact-sm" variant="default" onClick={onRetry}>
              {retryLabel ?? say('retry')}
            </Button>
          )}
        </Group>
      </div>
    </div>
  );
}
