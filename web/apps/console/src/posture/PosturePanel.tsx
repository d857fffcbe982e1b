import { Button, Group, Table } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { CheckIcon, CrossIcon, WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import type { PostureChecked } from '@sekisho/wire/desk';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { devicePostureQuery, keys } from '../api/queries';
import type { Device, DevicePosture } from '../api/views';
import { Answer } from '../parts/Answer';
import { Confirm } from '../parts/Confirm';
import { Facts } from '../parts/Facts';
import { Mark } from '../parts/Mark';
import { useAct } from '../parts/useAct';
import { postureTexts } from './texts';

/** PosturePanel shows how one PC stands by its policy's rules, check by check. */
export function PosturePanel({ device }: { device: Device }) {
  const say = useTexts(postureTexts);
  const posture = useQuery(devicePostureQuery(device.id));
  return (
    <section className="co-block co-posture-panel" aria-labelledby="posture">
      <h2 id="posture">{say('panel')}</h2>
      <Answer query={posture}>{(one) => (one.at === null ? <p className="co-quiet">{say('panel.never')}</p> : <Report posture={one} device={device} />)}</Answer>
    </section>
  );
}

function Report({ posture, device }: { posture: DevicePosture; device: Device }) {
  const say = useTexts(postureTexts);
  const { language } = useLanguage();
  const at = posture.at === null ? '' : dateTime(posture.at, language);
  return (
    <>
      <p>
        <Summary posture={posture} /> {say('panel.at', { at })}
      </p>
      {posture.code === 'posture.stale' && <p className="co-quiet">{say('panel.stale')}</p>}
      <div className="co-table" role="region" aria-label={say('panel.table')} tabIndex={0}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{say('col.check')}</Table.Th>
              <Table.Th scope="col">{say('col.outcome')}</Table.Th>
              <Table.Th scope="col">{say('col.seen')}</Table.Th>
              <Table.Th scope="col">{say('col.level')}</Table.Th>
              <Table.Th scope="col">{say('col.at')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {posture.checks.map((check) => (
              <Table.Tr key={check.check}>
                <Table.Th scope="row">{check.name}</Table.Th>
                <Table.Td>
                  <Outcome check={check} />
                </Table.Td>
                <Table.Td>{check.seen}</Table.Td>
                <Table.Td>{say(`level.${check.level}`)}</Table.Td>
                <Table.Td className="sk-numbers">{check.at === null ? '—' : dateTime(check.at, language)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <OwnPlace posture={posture} device={device} />
    </>
  );
}

function Summary({ posture }: { posture: DevicePosture }) {
  const say = useTexts(postureTexts);
  const closing = posture.checks.some((check) => check.failing && check.level === 'close');
  if (closing) return <Mark tone="closed" icon={<CrossIcon size={16} />}>{say('panel.refused')}</Mark>;
  const warned = posture.checks.filter((check) => check.failing).length > 0;
  if (warned) return <Mark tone="attention" icon={<WarnIcon size={16} />}>{say('panel.warned')}</Mark>;
  if (posture.checks.every((check) => check.level === 'off')) return <Mark tone="quiet">{say('panel.asks.nothing')}</Mark>;
  return <Mark tone="open" icon={<CheckIcon size={16} />}>{say('panel.fine')}</Mark>;
}

function Outcome({ check }: { check: PostureChecked }) {
  const say = useTexts(postureTexts);
  const tone = check.outcome === 'pass' ? 'open' : !check.failing ? 'quiet' : check.level === 'close' ? 'closed' : 'attention';
  const icon = check.outcome === 'pass' ? <CheckIcon size={16} /> : check.outcome === 'fail' ? <CrossIcon size={16} /> : <WarnIcon size={16} />;
  return (
    <Mark tone={tone} icon={icon}>
      {say(`outcome.${check.outcome}`)}
    </Mark>
  );
}

function OwnPlace({ posture, device }: { posture: DevicePosture; device: Device }) {
  const say = useTexts(postureTexts);
  const [asking, setAsking] = useState<'set' | 'clear' | null>(null);
  const [name, setName] = useState('');
  const path = `/devices/${encodeURIComponent(device.id)}/place`;
  const set = useAct((place: string) => api.tell('PUT', path, { name: place }), keys.devices);
  const clear = useAct(() => api.tell('DELETE', path), keys.devices);
  const chosen = name.normalize('NFKC').trim();
  return (
    <>
      <Facts facts={[{ label: say('own'), value: posture.place === '' ? say('own.none') : say('own.is', { name: posture.place, count: posture.around }) }]} />
      <Group gap="sm" mt="sm">
        <Button
          variant="default"
          onClick={() => {
            setName(posture.place === '' ? say('own.name.start') : posture.place);
            setAsking('set');
          }}
        >
          {say(posture.place === '' ? 'own.set' : 'own.change')}
        </Button>
        {posture.place !== '' && (
          <Button variant="subtle" color="gray" onClick={() => setAsking('clear')}>
            {say('own.clear')}
          </Button>
        )}
      </Group>
      {asking === 'set' && (
        <Confirm
          title={say('own.ask', { tag: device.asset_tag })}
          consequences={[say('own.set.1'), say('own.set.2'), say('own.set.3')]}
          action={say('own.set')}
          reason="none"
          onConfirm={() => set.mutateAsync(chosen)}
          onClose={() => setAsking(null)}
        >
          <ImeInput label={say('own.name')} value={name} onChange={setName} maxLength={64} required data-autofocus />
        </Confirm>
      )}
      {asking === 'clear' && (
        <Confirm
          title={say('own.ask.clear', { tag: device.asset_tag })}
          consequences={[say('own.clear.1')]}
          action={say('own.clear')}
          danger
          reason="none"
          onConfirm={() => clear.mutateAsync()}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}
