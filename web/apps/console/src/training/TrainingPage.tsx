import { Button, Tabs } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf } from '@sekisho/wire/problem';
import { useCallback, useState } from 'react';
import { SaveIcon } from '../parts/icons';
import { PageHead } from '../parts/PageHead';
import { useMay } from '../session/useMay';
import { CoursesTab } from './CoursesTab';
import { DocumentsTab } from './DocumentsTab';
import { PracticeTab } from '../practice/PracticeTab';
import { practiceTexts } from '../practice/texts';
import { PeopleTab } from './PeopleTab';
import { trainingTexts } from './texts';
import { useRecords } from './useRecords';
import './training.css';

/** TrainingPage is who has what until when, the courses, and the rule documents. */
export function TrainingPage() {
  const say = useTexts(trainingTexts);
  const practice = useTexts(practiceTexts);
  const allowed = useMay();
  const may = allowed('administrator', 'training.manage');
  const checks = may || allowed('auditor', 'training.records');
  const records = useRecords();
  const [tab, setTab] = useState<string | null>('people');
  const [printing, setPrinting] = useState(false);
  const [unprinted, setUnprinted] = useState<unknown>(null);
  const printed = useCallback((why: unknown) => {
    setPrinting(false);
    setUnprinted(why);
  }, []);
  return (
    <div className="co-training">
      <PageHead title={say('title')} lead={say('lead')}>
        <Button variant="default" className="co-office" loading={printing} onClick={() => (tab === 'people' ? setPrinting(true) : window.print())}>
          {say('print')}
        </Button>
        {checks && (
          <>
            <Button variant="default" className="co-office" leftSection={<SaveIcon size={18} />} loading={records.saving === 'pdf'} onClick={() => records.save('pdf')}>
              {say('pdf')}
            </Button>
            <Button variant="default" className="co-office" leftSection={<SaveIcon size={18} />} loading={records.saving === 'csv'} onClick={() => records.save('csv')}>
              {say('csv')}
            </Button>
          </>
        )}
      </PageHead>
      {records.failure !== null && <ProblemNotice problem={problemOf(records.failure)} />}
      {unprinted !== null && <ProblemNotice problem={problemOf(unprinted)} onRetry={() => setPrinting(true)} />}
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List aria-label={say('tabs')}>
          <Tabs.Tab value="people">{say('tab.people')}</Tabs.Tab>
          {checks && <Tabs.Tab value="courses">{say('tab.courses')}</Tabs.Tab>}
          <Tabs.Tab value="documents">{say('tab.documents')}</Tabs.Tab>
          <Tabs.Tab value="practice">{practice('tab')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="people">
          <PeopleTab may={may} checks={checks} printing={printing} onPrinted={printed} />
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
