import { Radio, Stack } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { deviceTexts } from './texts';

const handovers = ['sent', 'in_person'] as const;
export type Handover = (typeof handovers)[number];

/** HandoverChoice asks how an enrolment code reaches its PC; one that is sent waits for the receipt. */
export function HandoverChoice({ value, onChange }: { value: Handover; onChange: (value: Handover) => void }) {
  const say = useTexts(deviceTexts);
  return (
    <Radio.Group label={say('handover')} value={value} onChange={(chosen) => onChange(handovers.find((one) => one === chosen) ?? 'sent')}>
      <Stack gap="xs" mt="xs">
        {handovers.map((one) => (
          <Radio key={one} value={one} label={say(`handover.${one}`)} description={say(`handover.${one}.help`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
