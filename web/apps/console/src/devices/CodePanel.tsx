import { Button, Stack, Text } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { EnrolmentCode, type Device } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { Dialog } from '../parts/Dialog';
import { useAct } from '../parts/useAct';
import { CodeShown } from './CodeShown';
import { mayHaveCode } from './course';
import { HandoverChoice, type Handover } from './HandoverChoice';
import { deviceTexts } from './texts';

/** CodePanel makes an enrolment code, once it is said how the code reaches its PC. */
export function CodePanel({ device }: { device: Device }) {
  const say = useTexts(deviceTexts);
  const { language } = useLanguage();
  const [asking, setAsking] = useState(false);
  const [code, setCode] = useState<EnrolmentCode | null>(null);
  const [handover, setHandover] = useState<Handover>('sent');
  const make = useAct(() => api.ask('POST', `/devices/${encodeURIComponent(device.id)}/code`, EnrolmentCode, { handover }), keys.devices);
  if (!mayHaveCode(device.state)) return null;
  const replaces = device.code_until !== null || device.state !== 'registered';
  const run = () => make.mutateAsync().then(setCode);
  return (
    <section className="co-block" aria-labelledby="code-title">
      <h2 id="code-title">{say('code.title')}</h2>
      <Stack gap="sm" align="flex-start">
        {device.code_until !== null && <Text size="sm">{say(device.code_held ? 'code.held' : 'code.open', { until: dateTime(device.code_until, language) })}</Text>}
        <Button variant={replaces ? 'default' : 'filled'} onClick={() => setAsking(true)}>
          {say(replaces ? 'code.remake' : 'code.make')}
        </Button>
      </Stack>
      {asking && (
        <Confirm
          title={say(replaces ? 'ask.code' : 'ask.code.first', { tag: device.asset_tag })}
          consequences={[say('code.once.1'), ...(device.code_until !== null ? [say('code.replace.1')] : []), ...(device.state === 'issued' ? [say('code.issued.1')] : []), ...(device.state === 'pending' ? [say('refuse.1')] : [])]}
          action={say(replaces ? 'code.remake' : 'code.make')}
          reason="none"
          onConfirm={run}
          onClose={() => setAsking(false)}
        >
          <HandoverChoice value={handover} onChange={setHandover} />
        </Confirm>
      )}
      {code && (
        <Dialog title={say('code.title')} size="lg" onClose={() => setCode(null)} holds>
          <CodeShown code={code} />
        </Dialog>
      )}
    </section>
  );
}
