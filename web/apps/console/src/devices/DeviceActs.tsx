import { Button, Group } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import type { Device } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { useAct } from '../parts/useAct';
import { actsFor, type Act } from './course';
import { deviceTexts } from './texts';

const consequences = {
  suspend: ['cuts.1', 'suspend.1', 'suspend.2'],
  resume: ['resume.1'],
  revoke: ['cuts.1', 'revoke.1'],
  refuse: ['refuse.1'],
} as const satisfies { [act in Act]: readonly (keyof (typeof deviceTexts)['messages'])[] };

/** DeviceActs are the steps that this PC's state allows. */
export function DeviceActs({ device }: { device: Device }) {
  const say = useTexts(deviceTexts);
  const [asking, setAsking] = useState<Act | null>(null);
  const acts = actsFor(device.state);
  if (acts.length === 0) return <p className="co-quiet">{say('acts.none')}</p>;
  return (
    <>
      <Group gap="sm">
        {acts.map((act) => (
          <Button key={act} variant="default" {...(act === 'revoke' ? { c: 'beni.7' } : {})} onClick={() => setAsking(act)}>
            {say(`act.${act}`)}
          </Button>
        ))}
      </Group>
      {asking && <DeviceActDialog device={device} act={asking} onClose={() => setAsking(null)} />}
    </>
  );
}

/** DeviceActDialog says what an act does and asks why. */
export function DeviceActDialog({ device, act, onClose }: { device: Device; act: Act; onClose: () => void }) {
  const say = useTexts(deviceTexts);
  const run = useAct((reason: string) => api.tell('POST', `/devices/${encodeURIComponent(device.id)}/${act}`, { reason }), keys.devices);
  return (
    <Confirm
      title={say(`ask.${act}`, { tag: device.asset_tag })}
      consequences={consequences[act].map((key) => say(key))}
      action={say(`act.${act}`)}
      danger={act !== 'resume'}
      reason="required"
      onConfirm={(reason) => run.mutateAsync(reason)}
      onClose={onClose}
    />
  );
}
