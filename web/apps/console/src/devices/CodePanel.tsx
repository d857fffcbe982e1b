import { Button, Stack, Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { EnrolmentCode, type Device } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { Dialog } from '../parts/Dialog';
import { useAct } from '../parts/useAct';
import { CodeShown } from './CodeShown';
import { mayHaveCode } from './course';
import { deviceTexts } from './texts';

/** CodePanel makes an enrolment code; where one would replace something, it asks first. */
export function CodePanel({ device }: { device: Device }) {
  const say = useTexts(deviceTexts);
  const { language } = useLanguage();
  const [asking, setAsking] = useState(false);
  const [code, setCode] = useState<EnrolmentCode | null>(null);
  const make = useAct(() => api.ask('POST', `/devices/${encodeURIComponent(device.id)}/code`, EnrolmentCode), keys.devices);
  if (!mayHaveCode(device.state)) return null;
  const replaces = device.code_until !== null || device.state !== 'registered';
  const run = () => make.mutateAsync().then(setCode);
  return (
    <section className="co-block" aria-labelledby="code-title">
      <h2 id="code-title">{say('code.title')}</h2>
      <Stack gap="sm" align="flex-start">
        {device.code_until !== null && <Text size="sm">{say(device.code_held ? 'code.held' : 'code.open', { until: dateTime(device.code_until, language) })}</Text>}
        {make.isError && !asking && <ProblemNotice problem={problemOf(make.error)} />}
        <Button variant={replaces ? 'default' : 'filled'} loading={make.isPending} onClick={() => (replaces ? setAsking(true) : void run().catch(() => undefined))}>
          {say(replaces ? 'code.remake' : 'code.make')}
        </Button>
      </Stack>
      {asking && (
        <Confirm
          title={say('ask.code', { tag: device.asset_tag })}
          consequences={[...(device.code_until !== null ? [say('code.replace.1')] : []), ...(device.state === 'issued' ? [say('code.issued.1')] : []), ...(device.state === 'pending' ? [say('refuse.1')] : [])]}
          action={say('code.remake')}
          reason="none"
          onConfirm={run}
          onClose={() => setAsking(false)}
        />
      )}
      {code && (
        <Dialog title={say('code.title')} size="lg" onClose={() => setCode(null)} holds>
          <CodeShown code={code} />
        </Dialog>
      )}
    </section>
  );
}
