import { Button, Select } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { DeviceIcon, WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { devicesQuery } from '../api/queries';
import { deviceStates, type Device, type DeviceState as State } from '../api/views';
import { Answer } from '../parts/Answer';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { PlusIcon } from '../parts/icons';
import { Mark } from '../parts/Mark';
import { PageHead } from '../parts/PageHead';
import { partTexts } from '../parts/texts';
import { usePolicyName } from '../policies/words';
import { fits } from './course';
import { DeviceState } from './DeviceState';
import { IssueWizard } from './IssueWizard';
import { deviceTexts } from './texts';

/** DevicesPage is the inventory of 貸与PC. */
export function DevicesPage() {
  const say = useTexts(deviceTexts);
  const devices = useQuery(devicesQuery);
  const [issuing, setIssuing] = useState(false);
  const begin = (
    <Button leftSection={<PlusIcon size={18} />} onClick={() => setIssuing(true)}>
      {say('new')}
    </Button>
  );
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')}>
        {begin}
      </PageHead>
      <Answer query={devices}>
        {(answer) =>
          answer.devices.length === 0 ? (
            <Empty icon={<DeviceIcon size={36} />} title={say('empty')} text={say('empty.do')} />
          ) : (
            <Inventory devices={answer.devices} />
          )
        }
      </Answer>
      {issuing && <IssueWizard onClose={() => setIssuing(false)} />}
    </>
  );
}

function Inventory({ devices }: { devices: Device[] }) {
  const say = useTexts(deviceTexts);
  const parts = useTexts(partTexts);
  const [state, setState] = useState<State | ''>('');
  const [text, setText] = useState('');
  const shown = useMemo(() => devices.filter((device) => fits(device, state, text)), [devices, state, text]);
  return (
    <>
      <div className="co-filters">
        <ImeInput label={say('filter.text')} value={text} onChange={setText} />
        <Select
          label={say('filter.state')}
          value={state}
          onChange={(value) => setState(deviceStates.find((one) => one === value) ?? '')}
          data={[{ value: '', label: say('filter.state.all') }, ...deviceStates.map((one) => ({ value: one, label: say(`state.${one}`) }))]}
          allowDeselect={false}
        />
        <p role="status" className="co-found">
          {parts('count.of', { count: shown.length, all: devices.length })}
        </p>
      </div>
      {shown.length === 0 ? <p className="co-nothing">{parts('nothing.matches')}</p> : <DeviceTable devices={shown} />}
    </>
  );
}

function StateCell({ device }: { device: Device }) {
  const say = useTexts(deviceTexts);
  return (
    <>
      <DeviceState state={device.state} />
      {device.trouble !== '' && (
        <Mark tone="attention" icon={<WarnIcon size={16} />}>
          {say('trouble')}
        </Mark>
      )}
    </>
  );
}

function DeviceTable({ devices }: { devices: Device[] }) {
  const say = useTexts(deviceTexts);
  const ui = useTexts(uiTexts);
  const { language } = useLanguage();
  const policyName = usePolicyName();
  const columns = useMemo<Column<Device>[]>(
    () => [
      {
        id: 'tag',
        label: say('col.tag'),
        show: (one) => (
          <Link to="/devices/$id" params={{ id: one.id }} className="co-link">
            {one.asset_tag}
          </Link>
        ),
        sort: (one) => one.asset_tag,
      },
      { id: 'state', label: say('col.state'), show: (one) => <StateCell device={one} />, sort: (one) => deviceStates.indexOf(one.state) },
      { id: 'person', label: say('col.person'), show: (one) => one.person_name, sort: (one) => one.person_name },
      { id: 'place', label: say('col.place'), show: (one) => ui(one.place === '' ? 'place.none' : `place.${one.place}`), sort: (one) => one.place },
      { id: 'tier', label: say('col.tier'), show: (one) => (one.tier === '' ? ui('tier.none') : one.tier), sort: (one) => one.tier },
      { id: 'policy', label: say('col.policy'), show: (one) => policyName(one.policy), sort: (one) => one.policy },
      {
        id: 'since',
        label: say('col.since'),
        numbers: true,
        show: (one) => (one.since === null ? '—' : dateTime(one.since, language)),
        sort: (one) => (one.since === null ? 0 : Date.parse(one.since)),
      },
    ],
    [say, ui, language, policyName],
  );
  return <DataTable label={say('title')} rows={devices} columns={columns} rowKey={(one) => one.id} />;
}
