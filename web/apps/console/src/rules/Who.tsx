import { Select, Stack, Text } from '@mantine/core';
import { PeopleIcon, ScreenIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { desktopsQuery } from '../api/queries';
import { whoQuery } from '../api/ruleQueries';
import type { DesktopWho } from '../api/ruleViews';
import { Answer } from '../parts/Answer';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { AnswerMark } from './AnswerMark';
import { ruleTexts } from './texts';

/** Who answers "who can see this?" for a desktop. */
export function Who() {
  const say = useTexts(ruleTexts);
  const desktops = useQuery(desktopsQuery);
  const [chosen, setChosen] = useState('');
  return (
    <Stack gap="md">
      <Text size="sm">{say('who.help')}</Text>
      <Answer query={desktops}>
        {(answer) =>
          answer.desktops.length === 0 ? (
            <Empty icon={<ScreenIcon size={36} />} title={say('who.none')} />
          ) : (
            <>
              <Select
                label={say('who.desktop')}
                placeholder={say('who.choose')}
                data={answer.desktops.map((one) => ({ value: one.id, label: one.name }))}
                value={chosen === '' ? null : chosen}
                onChange={(value) => setChosen(value ?? '')}
                searchable
                maw={420}
              />
              {chosen !== '' && <Standings desktop={chosen} />}
            </>
          )
        }
      </Answer>
    </Stack>
  );
}

type Row = DesktopWho['people'][number];

function Standings({ desktop }: { desktop: string }) {
  const say = useTexts(ruleTexts);
  const who = useQuery(whoQuery(desktop));
  const columns = useMemo<Column<Row>[]>(
    () => [
      { id: 'person', label: say('col.person'), show: (one) => <b>{one.name}</b>, sort: (one) => one.name },
      { id: 'home', label: say('col.home'), show: (one) => <AnswerMark answer={one.home} />, sort: (one) => (one.home.allow ? 0 : 1) },
      { id: 'office', label: say('col.office'), show: (one) => <AnswerMark answer={one.office} />, sort: (one) => (one.office.allow ? 0 : 1) },
    ],
    [say],
  );
  return (
    <Answer query={who}>
      {(answer) =>
        answer.people.length === 0 ? (
          <Empty icon={<PeopleIcon size={36} />} title={say('who.nobody')} text={say('who.nobody.do')} />
        ) : (
          <DataTable label={say('tab.who')} rows={answer.people} columns={columns} rowKey={(one) => one.person} />
        )
      }
    </Answer>
  );
}
