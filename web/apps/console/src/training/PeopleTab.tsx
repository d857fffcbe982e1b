import { Button, Select } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { PeopleIcon } from '@sekisho/ui/icons';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime, day } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { longestWords, type Page } from '../api/paging';
import { Answer } from '../parts/Answer';
import { DataTable, type Column, type DataTableProps } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { SaveIcon } from '../parts/icons';
import { Found, Rows } from '../parts/Rows';
import { Side } from '../parts/Side';
import { useListing, type Listing } from '../parts/useListing';
import { practiceTexts } from '../practice/texts';
import { personQuery, trainingQuery, wholeQuery } from './queries';
import { RulesPanel } from './RulesPanel';
import { StateMark, stateWord } from './StateMark';
import { trainingTexts } from './texts';
import { useRecords } from './useRecords';
import { states, type Need, type NeedState, type Trained, type TrainingOfAll } from './views';

const everybody: { state: NeedState | '' } = { state: '' };

type Props = { may: boolean; checks: boolean; printing: boolean; onPrinted: (failure: unknown) => void };

/** PeopleTab says who may work as far as training goes, and whom to remind. */
export function PeopleTab({ may, checks, printing, onPrinted }: Props) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const list = useListing(everybody);
  const training = useQuery(trainingQuery(list.asked));
  const [person, setPerson] = useState<Trained | null>(null);
  const whole = useQuery({ ...wholeQuery(list.asked), enabled: printing });
  const { isSuccess, isFetching, isError, error } = whole;
  useEffect(() => {
    if (!printing || isFetching) return;
    if (isSuccess) window.print(); // what is printed is the whole list and not the page that is shown
    if (isSuccess || isError) onPrinted(error);
  }, [printing, isSuccess, isFetching, isError, error, onPrinted]);
  return (
    <Answer query={printing && isSuccess ? whole : training}>
      {(answer) => (
        <>
          <p className="co-print-only">{say('printed', { time: dateTime(answer.now, language) })}</p>
          <RulesPanel rules={answer.rules} may={may} />
          {answer.page.all === 0 ? (
            <Empty icon={<PeopleIcon size={36} />} title={say('empty')} text={say('empty.do')} />
          ) : (
            <>
              <Summary answer={answer} />
              <Filters list={list} page={answer.page} required={answer.rules.required} />
              <Rows label={say('tab.people')} page={answer.page} query={training} onMove={list.setOffset}>
                <People answer={answer} server={{ order: list.order, onOrder: list.setOrder }} onOpen={setPerson} />
              </Rows>
            </>
          )}
          {person && (
            <Side title={say('open.of', { name: person.name })} size="md" onClose={() => setPerson(null)}>
              <Needs person={person.person} required={answer.rules.required} />
              {checks && <Take person={person.person} />}
            </Side>
          )}
        </>
      )}
    </Answer>
  );
}

function Filters({ list, page, required }: { list: Listing<typeof everybody>; page: Page; required: boolean }) {
  const say = useTexts(trainingTexts);
  return (
    <div className="co-filters">
      <ImeInput label={say('filter.text')} value={list.text} onChange={list.setText} maxLength={longestWords} />
      <Select
        label={say('filter.state')}
        value={list.filters.state}
        onChange={(value) => list.setFilters({ state: states.find((one) => one === value) ?? '' })}
        data={[{ value: '', label: say('filter.state.all') }, ...states.map((one) => ({ value: one, label: say(stateWord(one, required)) }))]}
        allowDeselect={false}
      />
      <Found page={page} />
    </div>
  );
}

function Summary({ answer }: { answer: TrainingOfAll }) {
  const say = useTexts(trainingTexts);
  return (
    <ul className="co-states" aria-label={say('summary')}>
      {states.map((state) => (
        <li key={state}>
          <StateMark state={state} required={answer.rules.required} />
          <b className="sk-numbers">{answer.page.counts[state] ?? 0}</b>
        </li>
      ))}
    </ul>
  );
}

function People({ answer, server, onOpen }: { answer: TrainingOfAll; server: DataTableProps<Trained>['server']; onOpen: (person: Trained) => void }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const practice = useTexts(practiceTexts);
  const { required } = answer.rules;
  const columns = useMemo<Column<Trained>[]>(() => [
      {
        id: 'name',
        label: say('col.name'),
        show: (one) => (
          <span className="co-name">
            <b>{one.name}</b>
            <small>{one.kana}</small>
          </span>
        ),
        sort: 'server',
      },
      { id: 'state', label: say('col.state'), show: (one) => <StateMark state={one.state} required={required} />, sort: 'server' },
      { id: 'course', label: say('col.course'), show: (one) => say('done.of', { done: one.courses_done, all: one.courses }), numbers: true },
      { id: 'documents', label: say('col.documents'), show: (one) => say('done.of', { done: one.documents_done, all: one.documents }), numbers: true },
      ...(answer.rules.practice ? [{ id: 'practice', label: practice('col'), show: (one: Trained) => practice(`state.${one.practice}`) }] : []),
      {
        id: 'due',
        label: say('col.due'),
        show: (one) => (one.due ? day(one.due, language) : one.state === 'grace' ? say('due.first') : '—'),
        sort: 'server',
      },
      {
        id: 'open',
        label: say('open'),
        show: (one) => (
          <Button variant="default" size="compact-sm" onClick={() => onOpen(one)} aria-label={say('open.of', { name: one.name })}>
            {say('open')}
          </Button>
        ),
      },
    ], [say, practice, language, required, answer.rules.practice, onOpen]);
  return <DataTable label={say('tab.people')} rows={answer.people} columns={columns} rowKey={(one) => one.person} server={server} />;
}

function Needs({ person, required }: { person: string; required: boolean }) {
  const needs = useQuery(personQuery(person));
  return (
    <Answer query={needs}>
      {(answer) => (
        <ul className="co-needs">
          {answer.needs.map((need) => (
            <NeedRow key={need.kind + need.id} need={need} required={required} />
          ))}
        </ul>
      )}
    </Answer>
  );
}

/** Take takes one person's records away, to be put into a binder. */
function Take({ person }: { person: string }) {
  const say = useTexts(trainingTexts);
  const records = useRecords(person);
  return (
    <>
      {records.failure !== null && <ProblemNotice problem={problemOf(records.failure)} />}
      <Button variant="default" className="co-office" leftSection={<SaveIcon size={18} />} loading={records.saving !== null} onClick={() => records.save('pdf')}>
        {say('pdf.one')}
      </Button>
    </>
  );
}

function NeedRow({ need, required }: { need: Need; required: boolean }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const facts = [
    need.done ? say('need.done', { day: day(need.done, language) }) : say('need.never'),
    need.until ? say('need.until', { day: day(need.until, language) }) : '',
    !need.done && need.due ? say('need.due', { day: day(need.due, language) }) : '',
  ].filter((fact) => fact !== '');
  return (
    <li>
      <h3>{need.title[language]}</h3>
      <StateMark state={need.state} required={required} />
      <p>{facts.join(' / ')}</p>
    </li>
  );
}
