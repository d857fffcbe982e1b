import { Button, Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { download } from '../api/client';
import { reportsQuery } from '../api/queries';
import type { Report } from '../api/views';
import { Answer } from '../parts/Answer';
import { DataTable } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { PlusIcon, ReportIcon, SaveIcon } from '../parts/icons';
import { Once } from '../parts/Once';
import { PageHead } from '../parts/PageHead';
import { useMay } from '../session/useMay';
import { ReportForm } from './ReportForm';
import { reportTexts } from './texts';

const fileOf = (report: Report) => `sekisho-report-${report.from}-${report.to}-${report.language}.${report.format}`;

/** ReportsPage lists what was reported to client companies; officers make more. */
export function ReportsPage() {
  const say = useTexts(reportTexts);
  const reports = useQuery(reportsQuery);
  const allowed = useMay();
  const may = allowed('officer', 'reports.make');
  const [asking, setAsking] = useState(false);
  const begin = (
    <Button leftSection={<PlusIcon size={18} />} onClick={() => setAsking(true)}>
      {say('new')}
    </Button>
  );
  return (
    <>
      <PageHead title={say('title')} lead={may ? say('lead') : `${say('lead')} ${say('read.only')}`}>
        {may && begin}
      </PageHead>
      <Answer query={reports}>
        {(answer) => (
          <>
            {answer.reports.length === 0 ? <Empty icon={<ReportIcon size={36} />} title={say('empty')} {...(may ? { text: say('empty.do') } : {})} /> : <ReportTable reports={answer.reports} />}
            <HowTo verifierKey={answer.key} />
          </>
        )}
      </Answer>
      {asking && <ReportForm onClose={() => setAsking(false)} />}
    </>
  );
}

function ReportTable({ reports }: { reports: Report[] }) {
  const say = useTexts(reportTexts);
  const { language } = useLanguage();
  const fetching = useMutation({ mutationFn: (report: Report) => download(`/reports/${encodeURIComponent(report.id)}/file`, fileOf(report)) });
  const span = (report: Report) => say('span', { from: report.from, to: report.to });
  return (
    <>
      {fetching.isError && <ProblemNotice problem={problemOf(fetching.error)} />}
      <DataTable
        label={say('title')}
        rows={reports}
        rowKey={(report) => report.id}
        order={{ id: 'at', desc: true }}
        columns={[
          { id: 'at', label: say('col.at'), show: (report) => dateTime(report.at, language), sort: (report) => report.at, numbers: true },
          { id: 'to', label: say('col.to'), show: (report) => report.addressee, sort: (report) => report.addressee },
          { id: 'span', label: say('col.span'), show: span, sort: (report) => report.from, numbers: true },
          { id: 'language', label: say('col.language'), show: (report) => say(`language.${report.language}`), sort: (report) => report.language },
          { id: 'format', label: say('col.format'), show: (report) => say(`format.${report.format}`), sort: (report) => report.format },
          { id: 'by', label: say('col.by'), show: (report) => report.by, sort: (report) => report.by },
          {
            id: 'file',
            label: say('col.file'),
            show: (report) => (
              <Button
                className="co-office"
                variant="default"
                size="compact-md"
                leftSection={<SaveIcon size={16} />}
                loading={fetching.isPending && fetching.variables.id === report.id}
                onClick={() => fetching.mutate(report)}
                aria-label={say('download.of', { to: report.addressee, span: span(report) })}
              >
                {say('download')}
              </Button>
            ),
          },
        ]}
      />
    </>
  );
}

function HowTo({ verifierKey }: { verifierKey: string }) {
  const say = useTexts(reportTexts);
  return (
    <section className="co-checkpoint co-report-how" aria-labelledby="report-how">
      <h2 id="report-how">{say('how')}</h2>
      <Text size="sm">{say('how.text')}</Text>
      <Once label={say('how.command')} text="sekisho report verify FILE --key KEY" />
      <h3>{say('how.key')}</h3>
      <Once label={say('how.key')} text={verifierKey} />
      <Text size="sm">{say('how.file')}</Text>
    </section>
  );
}
