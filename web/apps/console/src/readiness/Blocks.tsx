import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { blocks, type Measure } from '../api/readinessQueries';
import { sessionQuery } from '../api/queries';
import { mayOpen, pages } from '../shell/pages';
import { shellTexts } from '../shell/texts';
import { LightMark } from './look';
import { measureTexts, pageOf, pairs } from './measures';
import { readinessTexts } from './texts';

/** Blocks are the four blocks with the measures of each. */
export function Blocks({ measures }: { measures: Measure[] }) {
  const say = useTexts(readinessTexts);
  const { language } = useLanguage();
  const at = measures.map((one) => one.at).sort()[0]; // the oldest of what was found
  return (
    <div className="co-blocks">
      {at !== undefined && <p className="co-quiet">{say('found', { time: dateTime(at, language) })}</p>}
      {blocks.map((block) => {
        const own = measures.filter((one) => one.block === block);
        if (own.length === 0) return null;
        const judged = own.filter((one) => one.trouble !== 'nothing');
        return (
          <section key={block} className="co-block" aria-labelledby={`block-${block}`}>
            <div className="co-measures-head">
              <h2 id={`block-${block}`}>{say(block)}</h2>
              <span className="co-quiet">{say('sum', { all: judged.length, green: judged.filter((one) => one.light === 'green').length })}</span>
            </div>
            <ul className="co-measures">
              {own.map((one) => (
                <MeasureRow key={one.id} measure={one} />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

/** MeasureRow is one measure: its light, the number behind it, and what to do next. */
function MeasureRow({ measure }: { measure: Measure }) {
  const say = useTexts(readinessTexts);
  const name = useTexts(measureTexts);
  const open = measure.light !== 'green' && measure.trouble !== 'nothing';
  return (
    <li>
      <div className="co-measure-head">
        <h3>{name(measure.id)}</h3>
        <LightMark measure={measure} />
      </div>
      <p className="co-measure-count">
        <Count measure={measure} />
      </p>
      {measure.trouble === 'unreadable' && <p className="co-quiet">{say('unreadable')}</p>}
      {open && measure.trouble !== 'unreadable' && <Next measure={measure} />}
      {open && measure.who.length > 0 && <Who measure={measure} />}
    </li>
  );
}

function Count({ measure }: { measure: Measure }) {
  const say = useTexts(readinessTexts);
  const all = measure.green + measure.amber + measure.red + measure.unknown;
  if (measure.trouble === 'unreadable' || measure.trouble === 'nothing') return null;
  const words = pairs.includes(measure.id) ? say('count.pair', { green: measure.green }) : say(`count.${measure.unit}`, { all, green: measure.green });
  const more = [
    ...(measure.amber > 0 && measure.amber < all ? [say('amber.count', { count: measure.amber })] : []),
    ...(measure.unknown > 0 ? [say('unknown.count', { count: measure.unknown })] : []),
  ];
  return (
    <span>
      <strong className="sk-numbers">{words}</strong>
      {more.map((one) => (
        <span key={one} className="co-measure-more">
          {one}
        </span>
      ))}
    </span>
  );
}

/** Next is one sentence, and the way to the page where it is done for whoever may open it. */
function Next({ measure }: { measure: Measure }) {
  const say = useTexts(readinessTexts);
  const name = useTexts(measureTexts);
  const shell = useTexts(shellTexts);
  const session = useQuery(sessionQuery);
  const me = session.data?.person;
  const path = pageOf[measure.id];
  const page = pages.find((one) => one.path === path);
  return (
    <p className="co-measure-next">
      <span className="co-hidden">{say('next')}: </span>
      {name(`${measure.id}.do`)}{' '}
      {path !== null && path !== '/readiness' && page && me && mayOpen(path, me.roles, me.client, me.rights) && (
        <Link to={path} className="co-link co-no-print">
          {say('go', { page: shell(page.label) })}
        </Link>
      )}
    </p>
  );
}

function Who({ measure }: { measure: Measure }) {
  const say = useTexts(readinessTexts);
  const name = useTexts(measureTexts);
  const shell = useTexts(shellTexts);
  return (
    <details className="co-no-print">
      <summary aria-label={`${say('who')}: ${name(measure.id)}`}>{say('who')}</summary>
      <p>
        {measure.who.map((one, index) => (
          <span key={one.id}>
            {index > 0 && shell('list.separator')}
            <Link to="/readiness/$id" params={{ id: one.id }} className="co-link">
              {one.name}
            </Link>
          </span>
        ))}
      </p>
    </details>
  );
}
