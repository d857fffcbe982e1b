import { Button } from '@mantine/core';
import { PeopleIcon } from '@sekisho/ui/icons';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime, day } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Answer } from '../parts/Answer';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { SaveIcon } from '../parts/icons';
import { Side } from '../parts/Side';
import { practiceTexts } from '../practice/texts';
import { personQuery, trainingQuery } from './queries';
import { RulesPanel } from './RulesPanel';
import { StateMark } from './StateMark';
import { trainingTexts } from './texts';
import { useRecords } from './useRecords';
import { states, type Need, type Trained, type TrainingOfAll } from './views';

/** PeopleTab says who may work as far as training goes, and whom to remind. */
export function PeopleTab({ may, checks }: { may: boolean; checks: boolean }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const training = useQuery(trainingQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const person = training.data?.people.find((one) => one.person === chosen);
  return (
    <Answer query={training}>
      {(answer) => (
        <>
          <p className="co-print-only">{say('printed', { time: dateTime(answer.now, language) })}</p>
          <RulesPanel rules={answer.rules} may={may} />
          {answer.people.length === 0 ? (
            <Empty icon={<PeopleIcon size={36} />} title={say('empty')} text={say('empty.do')} />
          ) : (
            <>
              <Summary answer={answer} />
              <People answer={answer} onOpen={setChosen} />
            </>
          )}
          {person && (
            <Side title={say('open.of', { name: person.name })} size="md" onClose={() => setChosen(null)}>
              <Needs person={person.person} required={answer.rules.required} />
              {checks && <Take person={person.person} />}
            </Side>
          )}
        </>
      )}
    </Answer>
  );
}

function Summary({ answer }: { answer: TrainingOfAll }) {
  const say = useTexts(trainingTexts);
  return (
    <ul className="co-states" aria-label={say('summary')}>
      {states.map((state) => (
        <li key={state}>
          <StateMark state={state} required={answer.rules.required} />
          <b className="sk-numbers">{answer.people.filter((one) => one.state === state).length}</b>
        </li>
      ))}
    </ul>
  );
}

function People({ answer, onOpen }: { answer: TrainingOfAll; onOpen: (person: string) => void }) {
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
        sort: (one) => (one.kana === '' ? one.name : one.kana),
      },
      { id: 'state', label: say('col.state'), show: (one) => <StateMark state={one.state} required={required} />, sort: (one) => states.indexOf(one.state) },
      { id: 'course', label: say('col.course'), show: (one) => say('done.of', { done: one.courses_done, all: one.courses }), numbers: true },
      { id: 'documents', label: say('col.documents'), show: (one) => say('done.of', { done: one.documents_done, all: one.documents }), numbers: true },
      ...(answer.rules.practice ? [{ id: 'practice', label: practice('col'), show: (one: Trained) => practice(`state.${one.practice}`) }] : []),
      {
        id: 'due',
        label: say('col.due'),
        show: (one) => (one.due ? day(one.due, language) : one.state === 'grace' ? say('due.first') : '—'),
        sort: (one) => one.due ?? '9',
      },
      {
        id: 'open',
        label: say('open'),
        show: (one) => (
          <Button variant="default" size="compact-sm" onClick={() => onOpen(one.person)} aria-label={say('open.of', { name: one.name })}>
            {say('open')}
          </Button>
        ),
      },
    ], [say, practice, language, required, answer.rules.practice, onOpen]);
  return <DataTable label={say('tab.people')} rows={answer.people} columns={columns} rowKey={(one) => one.person} order={{ id: 'state', desc: true }} />;
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
      <Button variant="default" leftSection={<SaveIcon size={18} />} loading={records.saving !== null} onClick={() => records.save('pdf')}>
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
