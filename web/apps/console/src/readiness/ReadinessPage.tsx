import { Button, Select, Tabs } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { readinessQuery } from '../api/readinessQueries';
import { Answer } from '../parts/Answer';
import { PageHead } from '../parts/PageHead';
import { useMay } from '../session/useMay';
import { Blocks } from './Blocks';
import { ChecksTab } from './ChecksTab';
import { RulesTab } from './RulesTab';
import { readinessTexts } from './texts';
import './readiness.css';

/** ReadinessPage is 準備状況: four blocks with what to do next, the self-checks, and what they ask. */
export function ReadinessPage() {
  const say = useTexts(readinessTexts);
  const allowed = useMay();
  const looks = allowed('supervisor') || allowed('administrator');
  const reads = looks || allowed('auditor');
  return (
    <div className="co-readiness">
      <PageHead title={say('title')} lead={say('lead')}>
        <Button variant="default" className="co-no-print co-office" onClick={() => window.print()}>
          {say('print')}
        </Button>
      </PageHead>
      <Tabs defaultValue="blocks" keepMounted={false}>
        <Tabs.List aria-label={say('tabs')} className="co-no-print">
          <Tabs.Tab value="blocks">{say('tab.blocks')}</Tabs.Tab>
          {looks && <Tabs.Tab value="checks">{say('tab.checks')}</Tabs.Tab>}
          {reads && <Tabs.Tab value="rules">{say('tab.rules')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="blocks">
          <BlocksTab />
        </Tabs.Panel>
        {looks && (
          <Tabs.Panel value="checks">
            <ChecksTab />
          </Tabs.Panel>
        )}
        {reads && (
          <Tabs.Panel value="rules">
            <RulesTab may={allowed('administrator')} />
          </Tabs.Panel>
        )}
      </Tabs>
    </div>
  );
}

function BlocksTab() {
  const say = useTexts(readinessTexts);
  const [client, setClient] = useState('');
  const whole = useQuery(readinessQuery(''));
  const part = useQuery({ ...readinessQuery(client), enabled: client !== '' });
  const clients = whole.data?.clients ?? [];
  return (
    <>
      {clients.length > 0 && (
        <Select
          className="co-readiness-part"
          label={say('part')}
          data={[{ value: '', label: say('part.all') }, ...clients.map((one) => ({ value: one.id, label: one.name }))]}
          value={client}
          onChange={(value) => setClient(value ?? '')}
          allowDeselect={false}
        />
      )}
      <Answer query={client === '' ? whole : part}>
        {(answer) => (
          <>
            {answer.client !== '' && <p className="co-quiet co-readiness-note">{say('part.narrow')}</p>}
            <Blocks measures={answer.measures} />
          </>
        )}
      </Answer>
    </>
  );
}
