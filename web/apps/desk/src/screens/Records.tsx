import { Button, Loader, Textarea } from '@mantine/core';
import { BackIcon, CheckIcon } from '@sekisho/ui/icons';
import { plain } from '@sekisho/ui/ime';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { uiTexts } from '@sekisho/ui/texts';
import { dateTime, day } from '@sekisho/ui/time';
import { Record } from '@sekisho/wire/desk';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useEffect, useState } from 'react';
import { z } from '@sekisho/wire/z';
import { Heading } from '../parts/Heading';
import { useWorkplace } from '../place';
import { recordWords } from '../recordWords';
import { workTexts } from '../workTexts';

const Rows = z.array(Record);

/** Records is 自分の記録: every event, picture and viewer about the operator himself. */
export function Records({ onBack }: { onBack: () => void }) {
  const say = useTexts(workTexts);
  const workplace = useWorkplace();
  const [rows, setRows] = useState<Record[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    setProblem(null);
    workplace.desk.ask('GET', 'records', Rows, undefined, stop.signal).then(setRows, (thrown: unknown) => {
      if (!stop.signal.aborted) setProblem(problemOf(thrown));
    });
    return () => stop.abort();
  }, [workplace, tries]);

  return (
    <div className="dk-records">
      <div className="dk-records-inner">
        <Button variant="subtle" size="compact-md" leftSection={<BackIcon size={18} />} onClick={onBack}>
          {say('records.back')}
        </Button>
        <Heading>{say('records.title')}</Heading>
        <p>{say('records.body')}</p>
        {problem && <ProblemNotice problem={problem} onRetry={() => setTries(tries + 1)} />}
        {!rows && !problem && <Loader size="sm" />}
        {rows?.length === 0 && (
          <div className="dk-empty">
            <h2>{say('records.none')}</h2>
            <p>{say('records.none.body')}</p>
          </div>
        )}
        {rows && rows.length > 0 && (
          <ol className="dk-record-list">
            {rows.map((row, i) => (
              <Row key={`${row.at} ${i}`} row={row} />
            ))}
          </ol>
        )}
      </div>
    </div>
  );
}

function Row({ row }: { row: Record }) {
  const say = useTexts(workTexts);
  const ui = useTexts(uiTexts);
  const { language } = useLanguage();
  const [objecting, setObjecting] = useState<'no' | 'yes' | 'sent'>('no');
  const what = recordWords(row, say, ui);
  const at = dateTime(row.at, language);
  const pictures = row.pictures > 0 ? say('records.pictures.some', { count: row.pictures }) : say('records.pictures.none');
  const kept = row.pictures > 0 ? (row.delete_at ? say('records.delete', { day: day(row.delete_at, language) }) : say('records.keep')) : '';
  return (
    <li className="dk-record">
      <div className="dk-record-head">
        <h2>{what}</h2>
        <time dateTime={row.at} className="sk-numbers">
          {at}
        </time>
      </div>
      {row.note !== '' && <p className="dk-record-note">{row.note}</p>}
      <dl className="dk-record-facts">
        {row.incident !== '' && (
          <>
            <Fact name={say('records.pictures')} value={pictures} more={kept} />
            <Fact name={say('records.decision')} value={ui(`decision.${row.decision === '' ? 'none' : row.decision}`)} />
          </>
        )}
        {(row.incident !== '' || row.viewer !== '') && <Fact name={say('records.viewer')} value={row.viewer === '' ? say('records.viewer.none') : row.viewer} />}
      </dl>
      {row.incident !== '' && objecting === 'no' && (
        <Button variant="default" size="compact-sm" onClick={() => setObjecting('yes')} aria-label={say('records.object.label', { what, at })}>
          {say('records.object')}
        </Button>
      )}
      {objecting === 'yes' && <ObjectionForm incident={row.incident} title={say('records.object.title', { what, at })} onDone={(sent) => setObjecting(sent ? 'sent' : 'no')} />}
      {objecting === 'sent' && (
        <p className="dk-sent" role="status">
          <CheckIcon size={18} />
          {say('records.object.sent')}
        </p>
      )}
    </li>
  );
}

function Fact({ name, value, more = '' }: { name: string; value: string; more?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {more !== '' && <span className="dk-record-more">{more}</span>}
      </dd>
    </div>
  );
}

function ObjectionForm({ incident, title, onDone }: { incident: string; title: string; onDone: (sent: boolean) => void }) {
  const say = useTexts(workTexts);
  const workplace = useWorkplace();
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  async function send(): Promise<void> {
    setSending(true);
    try {
      await workplace.desk.tell('POST', `records/${encodeURIComponent(incident)}/objection`, { note: plain(note) });
      onDone(true);
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setSending(false);
    }
  }
  return (
    <form
      className="dk-objection"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Textarea
        autoFocus
        autosize
        minRows={2}
        maxLength={200}
        label={say('records.object.note')}
        description={say('records.object.hint')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {problem && <ProblemNotice problem={problem} />}
      <div className="dk-actions">
        <Button variant="default" size="compact-md" onClick={() => onDone(false)}>
          {say('records.object.cancel')}
        </Button>
        <Button type="submit" size="compact-md" loading={sending} disabled={plain(note) === ''}>
          {say('records.object.send')}
        </Button>
      </div>
    </form>
  );
}
