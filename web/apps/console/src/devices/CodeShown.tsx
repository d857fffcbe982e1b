import { Stack, Text } from '@mantine/core';
import { WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import type { EnrolmentCode } from '../api/views';
import { Once } from '../parts/Once';
import { deviceTexts } from './texts';

/** CodeShown shows an enrolment code the one time it can be shown. */
export function CodeShown({ code }: { code: EnrolmentCode }) {
  const say = useTexts(deviceTexts);
  const { language } = useLanguage();
  return (
    <Stack gap="sm">
      <p className="co-note" data-tone="attention">
        <WarnIcon size={18} />
        <span>{say('code.once')}</span>
      </p>
      <Text fw={600}>{say('code.how')}</Text>
      <Once label={say('code.how')} text={`sekisho-agent enroll ${code.code}`} />
      {code.until !== null && <Text size="sm">{say(code.held ? 'code.waits' : 'code.until', { until: dateTime(code.until, language) })}</Text>}
      {code.held && <Text size="sm">{say('code.care')}</Text>}
    </Stack>
  );
}
