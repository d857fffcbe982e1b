import { Button } from '@mantine/core';
import { CheckIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { dateTime, day } from '@sekisho/ui/time';
import type { Record } from '@sekisho/wire/desk';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useWorkplace } from '../place';
import { isWhole, recordWords, viewerName } from '../recordWords';
import { workTexts } from '../workTexts';
import { ObjectionForm } from './ObjectionForm';

/** RecordRow is one row of 自分の記録: a detection in full, anything else in one line. */
export function RecordRow({ row }: { row: Record }) {
  const say = useTexts(workTexts);
  const ui = useTexts(uiTexts);
  const { language } = useLanguage();
  const { what, person, note } = recordWords(row, say, ui);
  const at = dateTime(row.at, language);
  return (
    <li className={isWhole(row) ? 'dk-record' : 'dk-record dk-record-plain'}>
      <div className="dk-record-head">
        <h2>{what}</h2>
        <time dateTime={row.at} className="sk-numbers">
          {at}
        </time>
      </div>
      {isWhole(row) && (
        <dl className="dk-record-facts">
          {(row.kind === 'incident.reported' || row.kind === 'face.enrolled') && <Pictures row={row} />}
          {person && row.viewer !== '' && <Fact name={say(person)} value={viewerName(row.viewer, ui)} />}
          {note && row.note !== '' && <Fact name={say(note)} value={row.note} />}
        </dl>
      )}
      {row.kind === 'incident.reported' && row.note === '' && <Objection row={row} what={what} at={at} />}
    </li>
  );
}

function Pictures({ row }: { row: Record }) {
  const say = useTexts(workTexts);
  const ui = useTexts(uiTexts);
  const { language } = useLanguage();
  const some = row.pictures > 0;
  const enrolment = row.kind === 'face.enrolled';
  const kept = row.delete_at ? say('records.delete', { day: day(row.delete_at, language) }) : say(enrolment ? 'records.keep.enrolment' : 'records.keep');
  return (
    <>
      <Fact
        name={say('records.pictures')}
        value={some ? say('records.pictures.some', { count: row.pictures }) : say('records.pictures.none')}
        more={some ? kept : ''}
      />
      {!enrolment && <Fact name={say('records.decision')} value={ui(`decision.${row.decision === '' ? 'none' : row.decision}`)} />}
    </>
  );
}

function Objection({ row, what, at }: { row: Record; what: string; at: string }) {
  const say = useTexts(workTexts);
  const { drafts } = useWorkplace();
  const [state, setState] = useState<'closed' | 'open' | 'sent'>(drafts.get(row.incident) ? 'open' : 'closed');
  switch (state) {
    case 'closed':
      return (
        <Button variant="default" size="compact-sm" onClick={() => setState('open')} aria-label={say('records.object.label', { what, at })}>
          {say('records.object')}
        </Button>
      );
    case 'open':
      return (
        <Opened>
          <ObjectionForm incident={row.incident} title={say('records.object.title', { what, at })} onDone={(sent) => setState(sent ? 'sent' : 'closed')} />
        </Opened>
      );
    case 'sent':
      return (
        <p className="dk-sent" role="status">
          <CheckIcon size={18} />
          {say('records.object.sent')}
        </p>
      );
  }
}

/** Opened brings what was just opened into view as a whole: its buttons lie below its field, which has the focus. */
function Opened({ children }: { children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <div ref={ref} style={{ width: '100%' }}>
      {children}
    </div>
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
