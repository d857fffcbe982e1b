import { Button, Tabs } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf } from '@sekisho/wire/problem';
import { useCallback, useState } from 'react';
import { download } from '../api/client';
import { SaveIcon } from '../parts/icons';
import { PageHead } from '../parts/PageHead';
import { useMay } from '../session/useMay';
import { CoursesTab } from './CoursesTab';
import { DocumentsTab } from './DocumentsTab';
import { PracticeTab } from '../practice/PracticeTab';
import { practiceTexts } from '../practice/texts';
import { PeopleTab } from './PeopleTab';
import { trainingTexts } from './texts';
import './training.css';

/** TrainingPage is who has what until when, the courses, and the rule documents. */
export function TrainingPage() {
  const say = useTexts(trainingTexts);
  const practice = useTexts(practiceTexts);
  const allowed = useMay();
  const may = allowed('administrator', 'training.manage');
  const checks = may || allowed('auditor', 'training.records');
  const [failure, setFailure] = useState<{ why: unknown; again: () => void } | null>(null);
  const [tab, setTab] = useState<string | null>('people');
  const [printing, setPrinting] = useState(false);
  const printed = useCallback((why: unknown) => {
    setPrinting(false);
    setFailure(why === null ? null : { why, again: () => setPrinting(true) });
  }, []);
  const save = () => {
    setFailure(null);
    download('/training/records', 'sekisho-training.csv').catch((why: unknown) => setFailure({ why, again: save }));
  };
  return (
    <div className="co-training">
      <PageHead title={say('title')} lead={say('lead')}>
        <Button variant="default" loading={printing} onClick={() => (tab === 'people' ? setPrinting(true) : window.print())}>
          {say('print')}
        </Button>
        {checks && (
          <Button variant="default" leftSection={<SaveIcon size={18} />} onClick={save}>
            {say('csv')}
          </Button>
        )}
      </PageHead>
      {failure !== null && <ProblemNotice problem={problemOf(failure.why)} onRetry={failure.again} />}
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List aria-label={say('tabs')}>
          <Tabs.Tab value="people">{say('tab.people')}</Tabs.Tab>
          {checks && <Tabs.Tab value="courses">{say('tab.courses')}</Tabs.Tab>}
          <Tabs.Tab value="documents">{say('tab.documents')}</Tabs.Tab>
          <Tabs.Tab value="practice">{practice('tab')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="people">
          <PeopleTab may={may} printing={printing} onPrinted={printed} />
        </Tabs.Panel>
        {checks && (
          <Tabs.Panel value="courses">
            <CoursesTab may={may} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="documents">
          <DocumentsTab may={may} />
        </Tabs.Panel>
        <Tabs.Panel value="practice">
          <PracticeTab may={may} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
