import { Button, Radio, Textarea } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import type { RoomAnswers, RoomCheck, RoomQuestion } from '@sekisho/wire/room';
import { useState, type FormEvent } from 'react';
import { useWorkplace } from '../place';
import { text } from '../roomPhoto';
import { roomTexts } from '../roomTexts';
import { RoomPhoto } from './RoomPhoto';

/** RoomForm is the self-check: yes or no to each line, a remark, and a photograph where it is asked for. */
export function RoomForm({ room, onSent }: { room: RoomCheck; onSent: () => void }) {
  const say = useTexts(roomTexts);
  const workplace = useWorkplace();
  const [answers, setAnswers] = useState<{ [question: string]: boolean }>({});
  const [remark, setRemark] = useState('');
  const [photo, setPhoto] = useState<Blob | null>(null);
  const [asked, setAsked] = useState(false);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const missing = room.questions.some((one) => answers[one.id] === undefined);
  const unseen = room.photo === 'required' && photo === null;

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    setAsked(true);
    if (missing || unseen) return;
    setSending(true);
    setProblem(null);
    try {
      const body: RoomAnswers = {
        rules: room.rules,
        answers: room.questions.map((one) => ({ question: one.id, yes: answers[one.id] === true })),
        remark: remark.normalize('NFKC').trim(),
        photo: await text(photo),
      };
      await workplace.desk.tell('POST', 'room', body);
      onSent();
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setSending(false);
    }
  }

  return (
    <form className="dk-room" onSubmit={(event) => void send(event)} noValidate>
      <div>
        {room.questions.map((one) => (
          <Line key={one.id} question={one} yes={answers[one.id]} fault={asked} onAnswer={(yes) => setAnswers((before) => ({ ...before, [one.id]: yes }))} />
        ))}
      </div>
      {room.questions.some((one) => one.needed && answers[one.id] === false) && <p className="dk-room-state">{say('lacking')}</p>}
      {room.photo !== 'none' && <RoomPhoto needed={room.photo === 'required'} keepDays={room.keep_days} photo={photo} fault={asked && unseen} onPhoto={setPhoto} />}
      <Textarea label={say('remark')} description={say('remark.help')} value={remark} onChange={(event) => setRemark(event.currentTarget.value)} maxLength={500} autosize minRows={2} />
      <div role="alert">{asked && missing && <p className="dk-room-fault">{say('missing.all')}</p>}</div>
      {problem && <ProblemNotice problem={problem} />}
      <div className="dk-actions">
        <Button type="submit" loading={sending}>
          {say('send')}
        </Button>
      </div>
    </form>
  );
}

function Line({ question, yes, fault, onAnswer }: { question: RoomQuestion; yes: boolean | undefined; fault: boolean; onAnswer: (yes: boolean) => void }) {
  const say = useTexts(roomTexts);
  const { language } = useLanguage();
  const words = question.text[language];
  return (
    <fieldset>
      <legend className="sk-unseen">{words}</legend>
      <div className="dk-room-line">
        <span>
          {words}
          {question.needed && <small>{say('needed')}</small>}
        </span>
        <span className="dk-room-choice">
          <Radio name={question.id} value="yes" label={say('yes')} checked={yes === true} onChange={() => onAnswer(true)} />
          <Radio name={question.id} value="no" label={say('no')} checked={yes === false} onChange={() => onAnswer(false)} />
        </span>
      </div>
      {fault && yes === undefined && <p className="dk-room-fault">{say('missing')}</p>}
    </fieldset>
  );
}
