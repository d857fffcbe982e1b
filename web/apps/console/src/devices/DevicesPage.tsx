import { Button, Select } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { DeviceIcon, WarnIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { longestWords, type Page } from '../api/paging';
import { devicesQuery } from '../api/queries';
import { deviceStates, type Device, type DeviceState as State } from '../api/views';
import { Answer } from '../parts/Answer';
import { DataTable, type Column, type DataTableProps } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { PlusIcon } from '../parts/icons';
import { Mark } from '../parts/Mark';
import { PageHead } from '../parts/PageHead';
import { Found, Rows } from '../parts/Rows';
import { partTexts } from '../parts/texts';
import { useListing, type Listing } from '../parts/useListing';
import { usePolicyName } from '../policies/words';
import { DeviceState } from './DeviceState';
import { IssueWizard } from './IssueWizard';
import { deviceTexts } from './texts';

const everything: { state: State | '' } = { state: '' };

/** DevicesPage is the inventory of 貸与PC. */
export function DevicesPage() {
  const say = useTexts(deviceTexts);
  const list = useListing(everything);
  const devices = useQuery(devicesQuery(list.asked));
  const [issuing, setIssuing] = useState(false);
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')}>
        <Button leftSection={<PlusIcon size={18} />} onClick={() => setIssuing(true)}>
          {say('new')}
        </Button>
      </PageHead>
      {devices.data?.page.all !== 0 && <Filters list={list} page={devices.data?.page} />}
      <Answer query={devices}>
        {(answer) =>
          answer.page.all === 0 ? (
            <Empty icon={<DeviceIcon size={36} />} title={say('empty')} text={say('empty.do')} />
          ) : (
            <Rows label={say('title')} page={answer.page} query={devices} onMove={list.setOffset}>
              <DeviceTable devices={answer.devices} server={{ order: list.order, onOrder: list.setOrder }} />
            </Rows>
          )
        }
      </Answer>
      {issuing && <IssueWizard onClose={() => setIssuing(false)} />}
    </>
  );
}

function Filters({ list, page }: { list: Listing<typeof everything>; page: Page | undefined }) {
  const say = useTexts(deviceTexts);
  const parts = useTexts(partTexts);
  const counted = (label: string, count: number | undefined) => (count === undefined ? label : parts('choice.count', { label, count }));
  return (
    <div className="co-filters">
      <ImeInput label={say('filter.text')} value={list.text} onChange={list.setText} maxLength={longestWords} />
      <Select
        label={say('filter.state')}
        value={list.filters.state}
        onChange={(value) => list.setFilters({ state: deviceStates.find((one) => one === value) ?? '' })}
        data={[{ value: '', label: say('filter.state.all') }, ...deviceStates.map((one) => ({ value: one, label: counted(say(`state.${one}`), page?.counts[one]) }))]}
        allowDeselect={false}
      />
      <Found page={page} />
    </div>
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

function DeviceTable({ devices, server }: { devices: Device[]; server: DataTableProps<Device>['server'] }) {
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
        sort: 'server',
      },
      { id: 'state', label: say('col.state'), show: (one) => <StateCell device={one} />, sort: 'server' },
      { id: 'person', label: say('col.person'), show: (one) => one.person_name, sort: 'server' },
      { id: 'place', label: say('col.place'), show: (one) => ui(one.place === '' ? 'place.none' : `place.${one.place}`), sort: 'server' },
      { id: 'tier', label: say('col.tier'), show: (one) => (one.tier === '' ? ui('tier.none') : one.tier), sort: 'server' },
      { id: 'policy', label: say('col.policy'), show: (one) => policyName(one.policy), sort: 'server' },
      {
        id: 'since',
        label: say('col.since'),
        numbers: true,
        show: (one) => (one.since === null ? '—' : dateTime(one.since, language)),
        sort: 'server',
      },
    ],
    [say, ui, language, policyName],
  );
  return <DataTable label={say('title')} rows={devices} columns={columns} rowKey={(one) => one.id} server={server} />;
}
