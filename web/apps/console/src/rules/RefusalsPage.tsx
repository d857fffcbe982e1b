import { ImeInput } from '@sekisho/ui/ImeInput';
import { CheckIcon } from '@sekisho/ui/icons';
import { plain } from '@sekisho/ui/ime';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { refusalsQuery } from '../api/ruleQueries';
import type { Refusal } from '../api/ruleViews';
import { Answer } from '../parts/Answer';
import { DataTable, type Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { PageHead } from '../parts/PageHead';
import { partTexts } from '../parts/texts';
import { ruleTexts } from './texts';

/** RefusalsPage answers "why was I refused?" for whoever is asked on the telephone. */
export function RefusalsPage() {
  const say = useTexts(ruleTexts);
  const refusals = useQuery(refusalsQuery);
  return (
    <>
      <PageHead title={say('refusals.title')} lead={say('refusals.lead')} />
      <Answer query={refusals}>
        {(answer) =>
          answer.refusals.length === 0 ? (
            <Empty icon={<CheckIcon size={36} />} title={say('refusals.empty')} text={say('refusals.empty.do')} />
          ) : (
            <Listed refusals={answer.refusals} />
          )
        }
      </Answer>
    </>
  );
}

function Listed({ refusals }: { refusals: Refusal[] }) {
  const say = useTexts(ruleTexts);
  const parts = useTexts(partTexts);
  const { language } = useLanguage();
  const [text, setText] = useState('');
  const wanted = plain(text).toLowerCase();
  const shown = refusals.filter((one) => [one.name, one.asset_tag].some((word) => word.normalize('NFKC').toLowerCase().includes(wanted)));
  const columns = useMemo<Column<Refusal>[]>(
    () => [
      { id: 'at', label: say('col.at'), show: (one) => dateTime(one.at, language), sort: (one) => one.at, numbers: true },
      { id: 'person', label: say('col.person'), show: (one) => <b>{one.name}</b>, sort: (one) => one.name },
      { id: 'pc', label: say('col.pc'), show: (one) => one.asset_tag, sort: (one) => one.asset_tag },
      { id: 'what', label: say('col.what'), show: (one) => (one.act === 'open' ? say('act.open') : one.label || say('act.reach')), sort: (one) => one.act },
      {
        id: 'reason',
        label: say('col.reason'),
        show: (one) => (
          <>
            <b>{one.title}</b> {one.action}
          </>
        ),
        sort: (one) => one.code,
      },
      {
        id: 'why',
        label: say('col.why'),
        show: (one) => (one.policies.length === 0 ? say('why.none') : <span className="co-id">{say('why.version', { policies: one.policies.join(' '), version: one.version })}</span>),
        sort: (one) => one.policies.join(' '),
      },
    ],
    [say, language],
  );
  return (
    <>
      <div className="co-filters">
        <ImeInput label={say('refusals.filter')} value={text} onChange={setText} />
        <p role="status" className="co-found">
          {parts('count.of', { count: shown.length, all: refusals.length })}
        </p>
      </div>
      {shown.length === 0 ? <p className="co-nothing">{parts('nothing.matches')}</p> : <DataTable label={say('refusals.title')} rows={shown} columns={columns} rowKey={(one) => `${one.at}-${one.person}-${one.code}`} order={{ id: 'at', desc: true }} />}
    </>
  );
}
