import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { choicesQuery, recordingsQuery, type RecordingSearch } from '../api/recordingQueries';
import { Answer, Loading } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { LogIcon } from '../parts/icons';
import { PageHead } from '../parts/PageHead';
import { useMay } from '../session/useMay';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf } from '@sekisho/wire/problem';
import { RecordingTable } from './RecordingTable';
import { RetentionDialog } from './RetentionDialog';
import { SearchForm } from './SearchForm';
import { recordingTexts } from './texts';

const nothing: RecordingSearch = { client: '', work: '', operator: '', number: '', from: '', to: '' };

/** RecordingsPage is 録音: looking for calls of one client company. */
export function RecordingsPage() {
  const say = useTexts(recordingTexts);
  const may = useMay();
  const choices = useQuery(choicesQuery);
  const [asked, setAsked] = useState(nothing);
  const [keeping, setKeeping] = useState(false);
  const hears = may('supervisor') || may('officer') || may('auditor');
  return (
    <>
      <PageHead title={say('title')} lead={say(hears ? 'lead' : 'lead.keep')}>
        {may('administrator') && (
          <Button variant="default" onClick={() => setKeeping(true)}>
            {say('retention')}
          </Button>
        )}
      </PageHead>
      <Answer query={choices}>
        {(answer) =>
          answer.clients.length === 0 ? (
            <Empty icon={<LogIcon size={36} />} title={say('none')} />
          ) : (
            <>
              <SearchForm choices={answer} onSearch={setAsked} />
              {asked.client === '' ? <Empty icon={<LogIcon size={36} />} title={say('first')} text={say('first.do')} /> : <Found asked={asked} />}
            </>
          )
        }
      </Answer>
      {keeping && <RetentionDialog onClose={() => setKeeping(false)} />}
    </>
  );
}

function Found({ asked }: { asked: RecordingSearch }) {
  const say = useTexts(recordingTexts);
  const found = useInfiniteQuery(recordingsQuery(asked));
  const rows = found.data?.pages.flatMap((page) => page.recordings);
  return (
    <>
      {found.isError && <ProblemNotice problem={problemOf(found.error)} onRetry={() => void found.refetch()} />}
      {rows === undefined ? !found.isError && <Loading /> : rows.length === 0 ? <Empty icon={<LogIcon size={36} />} title={say('empty')} text={say('empty.do')} /> : <RecordingTable rows={rows} />}
      {found.hasNextPage && (
        <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {say('more')}
        </Button>
      )}
    </>
  );
}
