import { Button, Group } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { InfoIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../api/client';
import { RulesPast, type Rules, type RulesVersion } from '../api/ruleViews';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { ruleTexts } from './texts';

type HistoryProps = { rules: Rules; may: boolean; onLoad: (text: string, from: string) => void };

/** History lists the versions; an old one comes back through the editor, checked like any other text. */
export function History({ rules, may, onLoad }: HistoryProps) {
  const say = useTexts(ruleTexts);
  const past = useMutation({ mutationFn: (number: number) => api.ask('GET', `/rules/${number}`, RulesPast) });
  const name = (number: number) => (number === 0 ? say('version.builtin') : say('version', { version: number }));
  const load = (number: number) => past.mutate(number, { onSuccess: (one) => onLoad(one.text, name(number)) });
  return (
    <>
      {past.isError && <ProblemNotice problem={problemOf(past.error)} />}
      {rules.history.length === 0 ? (
        <Empty icon={<InfoIcon size={36} />} title={say('history.empty')} text={say('history.empty.do')} />
      ) : (
        <>
          <Versions rules={rules} may={may} onBack={load} />
          {may && (
            <Group mt="md">
              <Button variant="default" onClick={() => load(0)}>
                {say('back.builtin')}
              </Button>
            </Group>
          )}
        </>
      )}
    </>
  );
}

function Versions({ rules, may, onBack }: { rules: Rules; may: boolean; onBack: (number: number) => void }) {
  const say = useTexts(ruleTexts);
  const { language } = useLanguage();
  const columns = useMemo<Column<RulesVersion>[]>(
    () => [
      { id: 'number', label: say('col.number'), show: (one) => <b>{say('version', { version: one.number })}</b>, sort: (one) => one.number },
      { id: 'at', label: say('col.at'), show: (one) => (one.at === null ? '' : dateTime(one.at, language)), sort: (one) => one.at ?? '', numbers: true },
      { id: 'author', label: say('col.author'), show: (one) => one.author, sort: (one) => one.author },
      { id: 'note', label: say('col.note'), show: (one) => one.note },
      ...(may
        ? [
            {
              id: 'act',
              label: say('col.act'),
              show: (one: RulesVersion) =>
                one.number === rules.version.number ? (
                  ''
                ) : (
                  <Button variant="default" size="compact-sm" onClick={() => onBack(one.number)} aria-label={say('back.of', { version: say('version', { version: one.number }) })}>
                    {say('back')}
                  </Button>
                ),
            },
          ]
        : []),
    ],
    [say, language, may, rules.version.number, onBack],
  );
  return <DataTable label={say('tab.history')} rows={rules.history} columns={columns} rowKey={(one) => String(one.number)} />;
}
