import { Button, Group, Stack, Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { CheckIcon, WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import type { Device } from '../api/views';
import { useAct } from '../parts/useAct';
import { groupsOf } from './course';
import { DeviceActDialog } from './DeviceActs';
import { deviceTexts } from './texts';

/** Compare shows the fingerprint to hold against the PC's screen; both answers are one press. */
export function Compare({ device }: { device: Device }) {
  const say = useTexts(deviceTexts);
  const [refusing, setRefusing] = useState(false);
  const approve = useAct(
    (fingerprint: string) => api.tell('POST', `/devices/${encodeURIComponent(device.id)}/approve`, { fingerprint }),
    keys.devices,
  );
  return (
    <section className="co-compare" aria-labelledby="compare-title">
      <h2 id="compare-title">{say('compare.title')}</h2>
      <Text size="sm">{say('compare.lead')}</Text>
      <ol className="co-fingerprint" aria-label={say('compare.label')}>
        {groupsOf(device.fingerprint).map((group, index) => (
          <li key={`${index}-${group}`}>{group}</li>
        ))}
      </ol>
      {device.key_kind === 'tpm' && device.trouble === '' && <Text size="sm">{say(device.ground === 'person' || device.ground === '' ? 'compare.person' : 'compare.known')}</Text>}
      {device.key_kind === 'software' && (
        <p className="co-note" data-tone="attention">
          <WarnIcon size={18} />
          <span>{say('compare.software')}</span>
        </p>
      )}
      <Stack gap="sm">
        {approve.isError && <ProblemNotice problem={problemOf(approve.error)} />}
        <Group>
          <Button leftSection={<CheckIcon size={18} />} loading={approve.isPending} onClick={() => approve.mutate(device.fingerprint)}>
            {say('compare.same')}
          </Button>
          <Button variant="default" onClick={() => setRefusing(true)} disabled={approve.isPending}>
            {say('compare.differs')}
          </Button>
        </Group>
      </Stack>
      {refusing && <DeviceActDialog device={device} act="refuse" onClose={() => setRefusing(false)} />}
    </section>
  );
}
