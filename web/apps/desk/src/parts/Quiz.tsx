import { Button, Checkbox, Loader, Progress, Radio, Stack } from '@mantine/core';
import { BackIcon, CheckIcon, CrossIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { dateTime, day } from '@sekisho/ui/time';
import { TrainingAnswered, TrainingAttempt, type TrainingAnswer, type TrainingQuestion, type TrainingResult } from '@sekisho/wire/training';
import { useState, type FormEvent } from 'react';
import { trainingTexts } from '../trainingTexts';
import { useRun } from '../useRun';
import { Heading } from './Heading';

type Answered = { question: TrainingQuestion; chosen: number[]; told: TrainingAnswered };

/** Quiz asks one question at a time and explains each answer; what was answered is kept by the server. */
export function Quiz({ course, onBack }: { course: string; onBack: () => void }) {
  const say = useTexts(trainingTexts);
  const { run: attempt, setRun, told: answered, setTold, problem, sending, send, again } = useRun<TrainingAttempt, Answered>(`training/courses/${encodeURIComponent(course)}/attempts`, TrainingAttempt);
  const [result, setResult] = useState<TrainingResult | null>(null);
  const answer = (of: TrainingAttempt, question: TrainingQuestion, chosen: number[]) =>
    send(`training/attempts/${of.id}/answers`, TrainingAnswered, { place: question.place, chosen } satisfies TrainingAnswer, (told) => setTold({ question, chosen, told }));

  function next(): void {
    if (!answered) return;
    setRun(answered.told.attempt);
    setResult(answered.told.result);
    setTold(null);
  }

  if (result && attempt) return <Result result={result} attempt={attempt} onOn={onBack} />;
  const question = answered?.question ?? attempt?.question;
  return (
    <div className="dk-quiz">
      <Button variant="subtle" size="compact-md" leftSection={<BackIcon size={18} />} onClick={onBack}>
        {say('back.list')}
      </Button>
      {problem && <ProblemNotice problem={problem} onRetry={again} />}
      {!question && !problem && <Loader size="sm" aria-label={say('list.title')} />}
      {attempt && question && (
        <>
          <Progress value={((question.place + (answered ? 1 : 0)) / attempt.asked) * 100} aria-hidden="true" />
          <p className="dk-small">{say('quiz.place', { place: question.place + 1, asked: attempt.asked })}</p>
          {answered ? (
            <Told key={`told ${question.place}`} question={question} chosen={answered.chosen} told={answered.told} onNext={next} />
          ) : (
            <Question key={`asked ${question.place}`} question={question} sending={sending} onAnswer={(chosen) => void answer(attempt, question, chosen)} />
          )}
        </>
      )}
    </div>
  );
}

function Question({ question, sending, onAnswer }: { question: TrainingQuestion; sending: boolean; onAnswer: (chosen: number[]) => void }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const [chosen, setChosen] = useState<string[]>([]);
  const [asked, setAsked] = useState(false);
  const label = say(question.several ? 'quiz.several' : 'quiz.one');
  const error = asked && chosen.length === 0 ? say('quiz.choose') : undefined;
  function submit(event: FormEvent): void {
    event.preventDefault();
    setAsked(true);
    if (chosen.length > 0 && !sending) onAnswer(chosen.map(Number));
  }
  return (
    <form onSubmit={submit} className="dk-quiz-form">
      <Heading>{question.text[language]}</Heading>
      {question.several ? (
        <Checkbox.Group label={label} value={chosen} onChange={setChosen} error={error}>
          <Stack gap="sm" mt="sm">
            {question.options.map((option, i) => (
              <Checkbox key={i} value={String(i)} label={option[language]} />
            ))}
          </Stack>
        </Checkbox.Group>
      ) : (
        <Radio.Group label={label} value={chosen[0] ?? ''} onChange={(one) => setChosen([one])} error={error}>
          <Stack gap="sm" mt="sm">
            {question.options.map((option, i) => (
              <Radio key={i} value={String(i)} label={option[language]} />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <div className="dk-actions">
        <Button type="submit" size="md" loading={sending}>
          {say('quiz.answer')}
        </Button>
      </div>
    </form>
  );
}

function Told({ question, chosen, told, onNext }: { question: TrainingQuestion; chosen: number[]; told: TrainingAnswered; onNext: () => void }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const number = told.rule.split(' ')[1] ?? '';
  return (
    <div className="dk-quiz-form">
      <Heading className={told.correct ? 'dk-quiz-right' : 'dk-quiz-wrong'}>
        {told.correct ? <CheckIcon size={22} /> : <CrossIcon size={22} />}
        <span>{say(told.correct ? 'quiz.right' : 'quiz.wrong')}</span>
      </Heading>
      <p>{question.text[language]}</p>
      <ul className="dk-quiz-options">
        {question.options.map((option, i) => (
          <li key={i} data-right={told.right.includes(i)} data-chosen={chosen.includes(i)}>
            {told.right.includes(i) ? <CheckIcon size={18} /> : chosen.includes(i) ? <CrossIcon size={18} /> : <span className="dk-quiz-none" />}
            <span>{option[language]}</span>
            <small>{[chosen.includes(i) ? say('quiz.yours') : '', told.right.includes(i) ? say('quiz.key') : ''].filter((word) => word !== '').join(' / ')}</small>
          </li>
        ))}
      </ul>
      <div className="dk-quiz-why">
        <h2>{say('quiz.explain')}</h2>
        <p>{told.explain[language]}</p>
        {number !== '' && <p className="dk-small">{say('quiz.rule', { number })}</p>}
      </div>
      <div className="dk-actions">
        <Button size="md" onClick={onNext}>
          {say(told.result ? 'quiz.result' : 'quiz.next')}
        </Button>
      </div>
    </div>
  );
}

function Result({ result, attempt, onOn }: { result: TrainingResult; attempt: TrainingAttempt; onOn: () => void }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  return (
    <div className="dk-quiz">
      <Heading>{say(result.passed ? 'result.passed' : 'result.failed')}</Heading>
      <p>{say('result.score', { asked: attempt.asked, right: attempt.right, percent: result.percent })}</p>
      {result.until && <p>{say('result.until', { day: day(result.until, language) })}</p>}
      {result.retry_at && <p>{say('result.retry', { time: dateTime(result.retry_at, language) })}</p>}
      <div className="dk-actions">
        <Button size="md" onClick={onOn}>
          {say('result.on')}
        </Button>
      </div>
    </div>
  );
}
