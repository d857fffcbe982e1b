import { Button, Group, Loader, Stack, Stepper, Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { CheckIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '../api/client';
import { deviceQuery, keys } from '../api/queries';
import { Device, EnrolmentCode } from '../api/views';
import { ReceivedPanel } from '../loans/ReceivedPanel';
import { Dialog } from '../parts/Dialog';
import { AssetForm, type Asset } from './AssetForm';
import { CodeShown } from './CodeShown';
import { Compare } from './Compare';
import { HandoverChoice, type Handover } from './HandoverChoice';
import { deviceTexts } from './texts';

type Step = { at: 'asset' } | { at: 'code'; device: string; code: EnrolmentCode } | { at: 'compare'; device: string };

const order = ['asset', 'code', 'compare'] as const;

/** IssueWizard leads through 貸与: register, hand over the code, compare fingerprints. */
export function IssueWizard({ onClose }: { onClose: () => void }) {
  const say = useTexts(deviceTexts);
  const client = useQueryClient();
  const [step, setStep] = useState<Step>({ at: 'asset' });
  const [handover, setHandover] = useState<Handover>('sent');

  // Registered, but its code did not come: trying again must not register it twice.
  const registered = useRef<{ asset: Asset; id: string } | null>(null);

  async function register(asset: Asset) {
    if (registered.current?.asset.asset_tag !== asset.asset_tag) {
      const device = await api.ask('POST', '/devices', Device, asset);
      registered.current = { asset, id: device.id };
      void client.invalidateQueries({ queryKey: keys.devices });
    }
    const { id } = registered.current;
    const code = await api.ask('POST', `/devices/${encodeURIComponent(id)}/code`, EnrolmentCode, { handover });
    setStep({ at: 'code', device: id, code });
  }

  return (
    <Dialog title={say('wizard.title')} size="xl" onClose={onClose} holds={step.at === 'code'}>
      <Stepper active={order.indexOf(step.at)} size="sm" mb="lg" allowNextStepsSelect={false} className="co-steps">
        <Stepper.Step component="div" label={say('wizard.1')} />
        <Stepper.Step component="div" label={say('wizard.2')} />
        <Stepper.Step component="div" label={say('wizard.3')} />
      </Stepper>
      {step.at === 'asset' && (
        <AssetForm onSubmit={register} onCancel={onClose}>
          <HandoverChoice value={handover} onChange={setHandover} />
        </AssetForm>
      )}
      {step.at === 'code' && (
        <Stack gap="md">
          <CodeShown code={step.code} />
          <Group justify="flex-end">
            <Button onClick={() => setStep({ at: 'compare', device: step.device })}>{say('wizard.next')}</Button>
          </Group>
        </Stack>
      )}
      {step.at === 'compare' && <Awaited id={step.device} onClose={onClose} />}
    </Dialog>
  );
}

function Awaited({ id, onClose }: { id: string; onClose: () => void }) {
  const say = useTexts(deviceTexts);
  const device = useQuery({ ...deviceQuery(id), refetchInterval: (query) => (query.state.data?.state === 'issued' ? false : 3_000) });
  const state = device.data?.state;
  return (
    <Stack gap="md">
      {device.isError && <ProblemNotice problem={problemOf(device.error)} onRetry={() => void device.refetch()} />}
      {device.data && state === 'pending' && <Compare device={device.data} />}
      {state === 'issued' && (
        <p className="co-note" data-tone="open" role="status">
          <CheckIcon size={18} />
          <span>{say('approved')}</span>
        </p>
      )}
      {device.data?.code_held && <ReceivedPanel loan={device.data} />}
      {state !== 'pending' && state !== 'issued' && !device.data?.code_held && (
        <div className="co-wait" role="status">
          <Loader size="sm" aria-hidden="true" />
          <div>
            <Text fw={600}>{say('wait.title')}</Text>
            <Text size="sm">{say('wait.text')}</Text>
          </div>
        </div>
      )}
      <Group justify="flex-end">
        <Button variant={state === 'issued' ? 'filled' : 'default'} onClick={onClose}>
          {say(state === 'issued' ? 'wizard.finish' : 'wizard.later')}
        </Button>
      </Group>
    </Stack>
  );
}
