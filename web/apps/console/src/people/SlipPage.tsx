import { Button, Table } from '@mantine/core';
import { ArrowLeftIcon, PeopleIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { longestPage } from '../api/paging';
import { devicesQuery, personByID } from '../api/queries';
import type { Device, Person } from '../api/views';
import { DeviceState } from '../devices/DeviceState';
import { Answer } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { Facts } from '../parts/Facts';
import { PageHead } from '../parts/PageHead';
import { slipTexts } from './listTexts';

/** SlipPage is what somebody who leaves takes along when he returns his PCs: to be printed. */
export function SlipPage({ id }: { id: string }) {
  const say = useTexts(slipTexts);
  const people = useQuery(personByID(id));
  const devices = useQuery(devicesQuery({ person: id, limit: longestPage }));
  return (
    <>
      <Link to="/people" className="co-back">
        <ArrowLeftIcon size={16} />
        {say('back')}
      </Link>
      <PageHead title={say('title')}>
        <Button className="co-office" onClick={() => window.print()}>{say('print')}</Button>
      </PageHead>
      <Answer query={people}>
        {(answer) => {
          const person = answer.people.find((one) => one.id === id);
          if (!person) return <Empty icon={<PeopleIcon size={36} />} title={say('missing')} />;
          return <Answer query={devices}>{(inventory) => <Slip person={person} devices={inventory.devices.filter(kept)} />}</Answer>;
        }}
      </Answer>
    </>
  );
}

/** kept says whether a PC is still with its person, whatever else is true of it. */
const kept = (device: Device) => device.state !== 'returned' && device.state !== 'registered';

function Slip({ person, devices }: { person: Person; devices: Device[] }) {
  const say = useTexts(slipTexts);
  return (
    <div className="co-slip">
      <Facts
        facts={[
          { label: say('name'), value: person.name },
          { label: say('login'), value: person.login },
          { label: say('agency'), value: person.agency },
          { label: say('last_day'), value: person.last_day === '' ? say('no.end') : person.last_day },
        ]}
      />
      <section className="co-block">
        <h2>{say('devices')}</h2>
        {devices.length === 0 ? (
          <p>{say('devices.none')}</p>
        ) : (
          <Table withTableBorder withColumnBorders>
            <Table.Caption className="co-hidden">{say('devices')}</Table.Caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{say('col.tag')}</Table.Th>
                <Table.Th scope="col">{say('col.model')}</Table.Th>
                <Table.Th scope="col">{say('col.state')}</Table.Th>
                <Table.Th scope="col">{say('col.checked')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {devices.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td>{one.asset_tag}</Table.Td>
                  <Table.Td>{one.model}</Table.Td>
                  <Table.Td>
                    <DeviceState state={one.state} />
                  </Table.Td>
                  <Table.Td />
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </section>
      <section className="co-block">
        <h2>{say('ends')}</h2>
        <ul>
          <li>{say('ends.1')}</li>
          <li>{say('ends.2')}</li>
          <li>{say('ends.3')}</li>
          <li>{say('ends.4')}</li>
        </ul>
      </section>
      <p className="co-slip-sign">{say('sign')}</p>
    </div>
  );
}
