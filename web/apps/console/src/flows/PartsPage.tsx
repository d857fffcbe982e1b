import { Tabs } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { flowsQuery, partsQuery } from '../api/flowQueries';
import { Answer } from '../parts/Answer';
import { PageHead } from '../parts/PageHead';
import { Calendars } from './Calendars';
import './flows.css';
import { Lookups } from './Lookups';
import { flowPartTexts } from './partTexts';
import { Prompts } from './Prompts';

/** PartsPage is what the flows of one client company are made of. */
export function PartsPage({ client }: { client: string }) {
  const say = useTexts(flowPartTexts);
  const parts = useQuery(partsQuery(client));
  const name = useQuery(flowsQuery).data?.clients.find((one) => one.id === client)?.name ?? '';
  return (
    <>
      <PageHead title={say('title')} lead={`${name} ${say('lead')}`} />
      <p className="co-flow-state">
        <Link className="co-link" to="/flows">{say('flows')}</Link>
      </p>
      <Answer query={parts}>
        {(answer) => (
          <Tabs defaultValue="prompts" keepMounted={false}>
            <Tabs.List mb="md">
              <Tabs.Tab value="prompts">{say('tab.prompts')}</Tabs.Tab>
              <Tabs.Tab value="calendars">{say('tab.calendars')}</Tabs.Tab>
              <Tabs.Tab value="lookups">{say('tab.lookups')}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="prompts">
              <Prompts client={client} prompts={answer.prompts} />
            </Tabs.Panel>
            <Tabs.Panel value="calendars">
              <Calendars client={client} calendars={answer.calendars} />
            </Tabs.Panel>
            <Tabs.Panel value="lookups">
              <Lookups client={client} lookups={answer.lookups} />
            </Tabs.Panel>
          </Tabs>
        )}
      </Answer>
    </>
  );
}
