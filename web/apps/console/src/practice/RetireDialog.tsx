import { Button, Group, Stack } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf } from '@sekisho/wire/problem';
import { api } from '../api/client';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { practiceKey } from './queries';
import { practiceTexts } from './texts';
import type { Scenario } from './views';

/** RetireDialog asks before a scenario leaves the practice. */
export function RetireDialog({ scenario, onClose }: { scenario: Scenario; onClose: () => void }) {
  const say = useTexts(practiceTexts);
  const parts = useTexts(partTexts);
  const { language } = useLanguage();
  const retire = useAct(() => api.tell('POST', `/training/practice/${encodeURIComponent(scenario.id)}/retire`), practiceKey);
  return (
    <Dialog title={say('retire.title', { title: scenario.title[language] })} size="lg" onClose={onClose}>
      <Stack gap="md">
        <p>{say('retire.body')}</p>
        {retire.isError && <ProblemNotice problem={problemOf(retire.error)} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {parts('cancel')}
          </Button>
          <Button loading={retire.isPending} onClick={() => retire.mutate(undefined, { onSuccess: onClose })}>
            {say('retire')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
