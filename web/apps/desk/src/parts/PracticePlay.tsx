import { Button, Loader, Progress, Radio, Stack } from '@mantine/core';
import { BackIcon, CheckIcon, CrossIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { PracticeChosen, PracticeRun, type PracticeChoice, type PracticeTurn } from '@sekisho/wire/practice';
import { useState, type FormEvent } from 'react';
import { practiceTexts } from '../practiceTexts';
import { trainingTexts } from '../trainingTexts';
import { useRun } from '../useRun';
import { Heading } from './Heading';
import { PracticeCardView } from './PracticeCardView';

type Told = { turn: PracticeTurn; chosen: number; answer: PracticeChosen };

/** PracticePlay goes through one scenario turn by turn; the server judges each choice and keeps how far it went. */
export function PracticePlay({ scenario, onBack }: { scenario: string; onBack: () => void }) {
  const say = useTexts(practiceTexts);
  const training = useTexts(trainingTexts);
  const { language } = useLanguage();
  const { run, setRun, told, setTold, problem, sending, send, again } = useRun<PracticeRun, Told>(`training/practice/${encodeURIComponent(scenario)}/runs`, PracticeRun);
  const choose = (of: PracticeRun, turn: PracticeTurn, chosen: number) =>
    send(`training/practice-runs/${of.id}/choices`, PracticeChosen, { step: turn.step, chosen } satisfies PracticeChoice, (answer) => {
      setTold({ turn, chosen, answer });
      setRun(answer.run);
    });

  const turn = told?.turn ?? run?.turn;
  return (
    <div className="dk-quiz">
      <Button variant="subtle" size="compact-md" leftSection={<BackIcon size={18} />} onClick={onBack}>
        {training('back.list')}
      </Button>
      <p className="dk-practice-strip">{say('invented')}</p>
      {problem && <ProblemNotice problem={problem} onRetry={again} />}
      {!run && !problem && <Loader size="sm" aria-label={say('title')} />}
      {run && turn && (
        <>
          <Progress value={((turn.place + (told?.answer.right ? 1 : 0)) / run.turns) * 100} aria-hidden="true" />
          <p className="dk-small">
            {run.title[language]} / {say('place', { place: turn.place + 1, turns: run.turns })}
          </p>
          <div className="dk-practice-stage">
            <div>
              {told ? (
                <Judged key={`told ${turn.step}`} told={told} onNext={() => setTold(null)} />
              ) : (
                <Turn key={`turn ${turn.step}`} turn={turn} sending={sending} onChoose={(chosen) => void choose(run, turn, chosen)} />
              )}
            </div>
            {turn.black && !told ? <Black /> : <PracticeCardView card={run.card} />}
          </div>
        </>
      )}
      {run && !turn && !told && <Result run={run} onOn={onBack} />}
    </div>
  );
}

function Black() {
  const say = useTexts(practiceTexts);
  return (
    <section className="dk-practice-black" aria-labelledby="practice-black">
      <h2 id="practice-black">{say('black.title')}</h2>
      <p>{say('black.body')}</p>
    </section>
  );
}

function Turn({ turn, sending, onChoose }: { turn: PracticeTurn; sending: boolean; onChoose: (chosen: number) => void }) {
  const say = useTexts(practiceTexts);
  const { language } = useLanguage();
  const [chosen, setChosen] = useState('');
  const [asked, setAsked] = useState(false);
  function submit(event: FormEvent): void {
    event.preventDefault();
    setAsked(true);
    if (chosen !== '' && !sending) onChoose(Number(chosen));
  }
  return (
    <form onSubmit={submit} className="dk-quiz-form">
      <Heading className="dk-practice-who">{say(`who.${turn.who}`)}</Heading>
      <p className="dk-practice-say" data-who={turn.who}>{turn.say[language]}</p>
      <Radio.Group label={say('ask')} value={chosen} onChange={setChosen} error={asked && chosen === '' ? say('ask.choose') : undefined}>
        <Stack gap="sm" mt="sm">
          {turn.choices.map((choice, i) => (
            <Radio key={i} value={String(i)} label={choice[language]} />
          ))}
        </Stack>
      </Radio.Group>
      <div className="dk-actions">
        <Button type="submit" size="md" loading={sending}>
          {say('do')}
        </Button>
      </div>
    </form>
  );
}

function Judged({ told, onNext }: { told: Told; onNext: () => void }) {
  const say = useTexts(practiceTexts);
  const { language } = useLanguage();
  const { answer, turn, chosen } = told;
  const number = answer.rule.split(' ')[1] ?? '';
  return (
    <div className="dk-quiz-form">
      <Heading className={answer.right ? 'dk-quiz-right' : 'dk-quiz-wrong'}>
        {answer.right ? <CheckIcon size={22} /> : <CrossIcon size={22} />}
        <span>{say(answer.right ? 'right' : 'wrong')}</span>
      </Heading>
      <p className="dk-practice-say" data-who={turn.who}>{turn.say[language]}</p>
      <p>
        <small>{say('yours')}</small>
        <br />
        {turn.choices[chosen]?.[language]}
      </p>
      <div className="dk-quiz-why">
        <h2>{say('why')}</h2>
        <p>{answer.why[language]}</p>
        {number !== '' && <p className="dk-small">{say('rule', { number })}</p>}
      </div>
      <div className="dk-actions">
        <Button size="md" onClick={onNext}>
          {say(answer.done ? 'finish' : answer.right ? 'next' : 'retry')}
        </Button>
      </div>
    </div>
  );
}

function Result({ run, onOn }: { run: PracticeRun; onOn: () => void }) {
  const say = useTexts(practiceTexts);
  const { language } = useLanguage();
  return (
    <>
      <Heading className="dk-quiz-right">
        <CheckIcon size={22} />
        <span>{say('result.title')}</span>
      </Heading>
      <p>{run.title[language]}</p>
      <p>{run.slips === 0 ? say('result.clean') : say('result.slips', { slips: run.slips })}</p>
      <div className="dk-actions">
        <Button size="md" onClick={onOn}>
          {say('result.on')}
        </Button>
      </div>
    </>
  );
}
