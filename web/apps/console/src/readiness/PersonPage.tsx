import { Button, Group, Textarea } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { BackIcon, CheckIcon, CrossIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime, day } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import { personReadinessQuery, readinessKeys, type PersonReadiness, type RoomCheck } from '../api/readinessQueries';
import { Answer } from '../parts/Answer';
import { Dialog } from '../parts/Dialog';
import { Mark } from '../parts/Mark';
import { PageHead } from '../parts/PageHead';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { Blocks } from './Blocks';
import { CheckMark } from './look';
import { Photo } from './Photo';
import { readinessTexts } from './texts';
import './readiness.css';

/** PersonPage is one person's readiness: the measures that are about him, and his self-checks. */
export function PersonPage({ id }: { id: string }) {
  const say = useTexts(readinessTexts);
  const found = useQuery(personReadinessQuery(id));
  return (
    <div className="co-readiness">
      <Link to="/readiness" className="co-back co-no-print">
        <BackIcon size={16} />
        {say('person.back')}
      </Link>
      <PageHead title={found.data ? say('person.title', { name: found.data.name }) : say('title')} lead={say('lead')} />
      <Answer query={found}>
        {(answer) => (
          <>
            {answer.measures.length === 0 ? <p className="co-quiet">{say('person.none')}</p> : <Blocks measures={answer.measures} />}
            <section className="co-room" aria-labelledby="room">
              <h2 id="room">{say('room')}</h2>
              <Stand answer={answer} />
              {answer.checks.map((one) => (
                <Check key={one.id} check={one} />
              ))}
            </section>
          </>
        )}
      </Answer>
    </div>
  );
}

function Stand({ answer }: { answer: PersonReadiness }) {
  const say = useTexts(readinessTexts);
  const { language } = useLanguage();
  if (answer.checks.length === 0) return <p className="co-quiet">{say('room.none')}</p>;
  if (answer.until === null) return null;
  return <p className="co-quiet">{say(answer.until > answer.now ? 'room.until' : 'room.late', { day: day(answer.until, language) })}</p>;
}

function Check({ check }: { check: RoomCheck }) {
  const say = useTexts(readinessTexts);
  const { language } = useLanguage();
  const at = dateTime(check.at, language);
  return (
    <article className="co-block" aria-label={say('check.of', { time: at })}>
      <div className="co-measure-head">
        <h3>{say('check.of', { time: at })}</h3>
        <CheckMark state={check.state} />
      </div>
      {check.decided !== null && <p className="co-quiet">{say('check.by', { name: check.decided_by, time: dateTime(check.decided, language) })}</p>}
      <ul className="co-answers">
        {check.answers.map((one) => (
          <li key={one.text.ja}>
            <span>{one.text[language]}</span>
            {one.yes ? (
              <Mark tone="open" icon={<CheckIcon size={16} />}>
                {say('answer.yes')}
              </Mark>
            ) : (
              <Mark tone={one.needed ? 'closed' : 'quiet'} icon={<CrossIcon size={16} />}>
                {say(one.needed ? 'answer.no.needed' : 'answer.no')}
              </Mark>
            )}
          </li>
        ))}
      </ul>
      <dl className="co-room-words">
        {check.remark !== '' && <Words label={say('remark')} text={check.remark} />}
        {check.note !== '' && <Words label={say('note')} text={check.note} />}
      </dl>
      <Photo check={check} />
      {check.state === 'waiting' && <Decide check={check} />}
    </article>
  );
}

function Words({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{text}</dd>
    </div>
  );
}

function Decide({ check }: { check: RoomCheck }) {
  const say = useTexts(readinessTexts);
  const [returning, setReturning] = useState(false);
  const path = `/readiness/checks/${encodeURIComponent(check.id)}/decide`;
  const decide = useAct((body: { accept: boolean; note: string }) => api.tell('POST', path, body), readinessKeys.all);
  return (
    <div className="co-room-decide">
      {!check.ready && (
        <p className="co-note" data-tone="attention">
          {say('lacking')}
        </p>
      )}
      {decide.isError && !returning && <ProblemNotice problem={problemOf(decide.error)} />}
      <Group>
        {check.ready && (
          <Button onClick={() => decide.mutate({ accept: true, note: '' })} loading={decide.isPending}>
            {say('accept')}
          </Button>
        )}
        <Button variant="default" onClick={() => setReturning(true)}>
          {say('return')}
        </Button>
      </Group>
      {returning && <Return onReturn={(note) => decide.mutateAsync({ accept: false, note })} onClose={() => setReturning(false)} />}
    </div>
  );
}

/** Return asks for what is to be put right: the person reads it. */
function Return({ onReturn, onClose }: { onReturn: (note: string) => Promise<unknown>; onClose: () => void }) {
  const say = useTexts(readinessTexts);
  const parts = useTexts(partTexts);
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  async function act() {
    const words = note.normalize('NFKC').trim();
    if (words === '') return setMissing(true);
    setBusy(true);
    setFailure(null);
    try {
      await onReturn(words);
      onClose();
    } catch (thrown) {
      setFailure(thrown);
      setBusy(false);
    }
  }
  return (
    <Dialog title={say('return.title')} size="lg" onClose={onClose}>
      <p className="co-quiet">{say('return.1')}</p>
      <Textarea
        mt="md"
        label={say('return.note')}
        description={say('return.help')}
        value={note}
        onChange={(event) => {
          setNote(event.currentTarget.value);
          setMissing(false);
        }}
        maxLength={500}
        autosize
        minRows={3}
        required
        error={missing ? say('return.missing') : undefined}
        data-autofocus
      />
      {failure !== null && <ProblemNotice problem={problemOf(failure)} />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose} disabled={busy}>
          {parts('cancel')}
        </Button>
        <Button onClick={() => void act()} loading={busy}>
          {say('return')}
        </Button>
      </Group>
    </Dialog>
  );
}
