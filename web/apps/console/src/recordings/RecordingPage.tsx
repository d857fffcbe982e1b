import { Button } from '@mantine/core';
import { BackIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime, elapsed } from '@sekisho/ui/time';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { recordingQuery, type RecordingDetail } from '../api/recordingQueries';
import { Answer } from '../parts/Answer';
import { Facts } from '../parts/Facts';
import { PageHead } from '../parts/PageHead';
import { useMay } from '../session/useMay';
import { shellTexts } from '../shell/texts';
import { Keeping } from './Keeping';
import { Player } from './Player';
import { RecordingState } from './RecordingTable';
import { recordingTexts } from './texts';

/** RecordingPage is one recording: listening to it, what of it is silent, who listened, how long it is kept. */
export function RecordingPage({ id }: { id: string }) {
  const say = useTexts(recordingTexts);
  const recording = useQuery(recordingQuery(id));
  return (
    <>
      <Link to="/recordings" className="co-back">
        <BackIcon size={18} />
        {say('to.list')}
      </Link>
      <PageHead title={say('detail')}>{recording.data && <RecordingState recording={recording.data} />}</PageHead>
      <Answer query={recording}>{(one) => <Body recording={one} />}</Answer>
    </>
  );
}

function Body({ recording }: { recording: RecordingDetail }) {
  const say = useTexts(recordingTexts);
  const shell = useTexts(shellTexts);
  const { language } = useLanguage();
  const may = useMay();
  const [keeping, setKeeping] = useState(false);
  const hears = may('supervisor') || may('officer') || may('auditor');
  const there = recording.erased === null && recording.state !== 'open';
  const keeps = recording.held === '' ? may('supervisor') || may('officer') || may('administrator') : may('administrator');
  return (
    <div className="co-columns">
      <div>
        {hears && there && <Player recording={recording} />}
        <Marks recording={recording} />
      </div>
      <div>
        <section className="co-block" aria-labelledby="facts">
          <h2 id="facts">{say('facts')}</h2>
          <Facts
            facts={[
              { label: say('col.started'), value: recording.started === null ? '' : dateTime(recording.started, language) },
              { label: say('col.length'), value: elapsed(recording.seconds * 1000) },
              { label: say('client'), value: recording.client_name },
              { label: say('col.work'), value: [recording.work_name, recording.queue_name].filter((word) => word !== '').join(' · ') },
              { label: say('col.number'), value: `${recording.number === '' ? say('withheld') : recording.number} ${say(`direction.${recording.direction}`)}` },
              { label: say('col.operator'), value: recording.operators.map((one) => one.name).filter((name) => name !== '').join(shell('list.separator')) },
              { label: say('fact.keep'), value: recording.held === '' ? say('keep.days', { days: recording.days }) : say('keep.held', { reason: recording.held }) },
              { label: say('fact.hash'), value: <code className="co-id">{recording.hash}</code> },
            ]}
          />
          {keeps && recording.erased === null && (
            <Button variant="default" onClick={() => setKeeping(true)}>
              {say(recording.held === '' ? 'hold' : 'lift')}
            </Button>
          )}
        </section>
        <Listeners recording={recording} />
      </div>
      {keeping && <Keeping recording={recording} onClose={() => setKeeping(false)} />}
    </div>
  );
}

function Marks({ recording }: { recording: RecordingDetail }) {
  const say = useTexts(recordingTexts);
  const at = (seconds: number) => elapsed(seconds * 1000);
  return (
    <section className="co-block" aria-labelledby="marks">
      <h2 id="marks">{say('marks')}</h2>
      {recording.marks.length === 0 ? (
        <p className="co-quiet">{say('marks.none')}</p>
      ) : (
        <ul className="co-plain">
          {recording.marks.map((mark, n) => (
            <li key={n}>
              <span className="sk-numbers">{`${at(mark.start)}–${at(mark.end)}`}</span> {say(`mark.${mark.kind}`)} <span className="co-quiet">{mark.reason}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Listeners({ recording }: { recording: RecordingDetail }) {
  const say = useTexts(recordingTexts);
  const { language } = useLanguage();
  return (
    <section className="co-block" aria-labelledby="listeners">
      <h2 id="listeners">{say('listeners')}</h2>
      {recording.listeners.length === 0 ? (
        <p className="co-quiet">{say('listeners.none')}</p>
      ) : (
        <ul className="co-plain">
          {recording.listeners.map((one, n) => (
            <li key={n}>
              <span className="sk-numbers">{dateTime(one.at, language)}</span> {one.name === '' ? say('listener.hidden') : one.name}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
