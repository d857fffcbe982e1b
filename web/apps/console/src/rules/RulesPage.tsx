import { Tabs } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sessionQuery } from '../api/queries';
import { rulesQuery } from '../api/ruleQueries';
import type { Rules } from '../api/ruleViews';
import { Answer } from '../parts/Answer';
import { PageHead } from '../parts/PageHead';
import { Editor } from './Editor';
import { History } from './History';
import { ruleTexts } from './texts';
import { Who } from './Who';

/** RulesPage is アクセスポリシー: the text in force, who can see what, and how it came to be. */
export function RulesPage() {
  const say = useTexts(ruleTexts);
  const rules = useQuery(rulesQuery);
  const session = useQuery(sessionQuery);
  const may = session.data?.person?.roles.includes('administrator') ?? false;
  return (
    <>
      <PageHead title={say('title')} lead={may ? say('lead') : `${say('lead')} ${say('read.only')}`} />
      <Answer query={rules}>{(answer) => <Body rules={answer} may={may} />}</Answer>
    </>
  );
}

/** Loaded is a text that was taken from the history into the editor. */
export type Loaded = { text: string; from: string; at: number };

function Body({ rules, may }: { rules: Rules; may: boolean }) {
  const say = useTexts(ruleTexts);
  const [tab, setTab] = useState<string>('edit');
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  return (
    <Tabs value={tab} onChange={(next) => setTab(next ?? 'edit')} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="edit">{say('tab.edit')}</Tabs.Tab>
        {may && <Tabs.Tab value="who">{say('tab.who')}</Tabs.Tab>}
        <Tabs.Tab value="history">{say('tab.history')}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="edit">
        <Editor key={`${rules.version.number}-${loaded?.at ?? 0}`} rules={rules} may={may} loaded={loaded} onSaved={() => setLoaded(null)} />
      </Tabs.Panel>
      {may && (
        <Tabs.Panel value="who">
          <Who />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="history">
        <History
          rules={rules}
          may={may}
          onLoad={(text, from) => {
            setLoaded({ text, from, at: Date.now() });
            setTab('edit');
          }}
        />
      </Tabs.Panel>
    </Tabs>
  );
}
