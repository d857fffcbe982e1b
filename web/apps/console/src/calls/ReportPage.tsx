import { Tabs } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { PageHead } from '../parts/PageHead';
import { Days } from './Days';
import { FiguresReport } from './FiguresReport';
import { reportTexts } from './texts';

/** ReportPage is 通話の集計: figures by spans of time, and attendance facts. */
export function ReportPage() {
  const say = useTexts(reportTexts);
  return (
    <>
      <PageHead title={say('title')} lead={say('lead')} />
      <Tabs defaultValue="figures" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="figures">{say('tab.figures')}</Tabs.Tab>
          <Tabs.Tab value="days">{say('tab.days')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="figures" pt="md">
          <FiguresReport />
        </Tabs.Panel>
        <Tabs.Panel value="days" pt="md">
          <Days />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
