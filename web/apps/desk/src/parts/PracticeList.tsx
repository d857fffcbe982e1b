import { Button } from '@mantine/core';
import { CheckIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { day } from '@sekisho/ui/time';
import type { Practice, PracticeScenario } from '@sekisho/wire/practice';
import { practiceTexts } from '../practiceTexts';
import type { PracticeRead } from '../usePractice';

/** practiceOpen says whether the rules still ask for it. */
export function practiceOpen(practice: Practice | null): boolean {
  return practice !== null && practice.asked && (!practice.done || practice.soon);
}

/** PracticeList is the scenarios to play, and what the rules ask of them. */
export function PracticeList({ read, onPlay }: { read: PracticeRead; onPlay: (id: string) => void }) {
  const say = useTexts(practiceTexts);
  const { practice, problem, load } = read;
  return (
    <section className="dk-training dk-practice" aria-labelledby="practice-title">
      <div>
        <h2 id="practice-title">{say('title')}</h2>
        <p className="dk-small">{say('lead')}</p>
        {practice?.asked && <Asked practice={practice} />}
      </div>
      {problem && <ProblemNotice problem={problem} onRetry={load} />}
      {practice?.scenarios.length === 0 && <p>{say('empty')}</p>}
      {practice && practice.scenarios.length > 0 && (
        <ul>
          {practice.scenarios.map((scenario) => (
            <Row key={scenario.id} scenario={scenario} onPlay={() => onPlay(scenario.id)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Asked({ practice }: { practice: Practice }) {
  const say = useTexts(practiceTexts);
  const { language } = useLanguage();
  const until = practice.until ? day(practice.until, language) : '';
  const due = practice.due && Date.parse(practice.due) > Date.now() ? day(practice.due, language) : '';
  const open = practiceOpen(practice);
  const text = practice.soon
    ? say('asked.soon', { day: until })
    : practice.done
      ? until === '' ? say('asked.done') : say('asked.until', { day: until })
      : due === '' ? say('asked') : say('asked.due', { day: due });
  return (
    <p className="dk-training-state" data-done={!open}>
      {!open && <CheckIcon size={16} />}
      {text}
    </p>
  );
}

function Row({ scenario, onPlay }: { scenario: PracticeScenario; onPlay: () => void }) {
  const say = useTexts(practiceTexts);
  const { language } = useLanguage();
  const title = scenario.title[language];
  const act = say(scenario.open ? 'resume' : scenario.done ? 'again' : 'start');
  return (
    <li className="dk-training-row">
      <div>
        <h3>{title}</h3>
        <p className="dk-small">{scenario.about[language]}</p>
        <p className="dk-training-state" data-done={scenario.done !== null}>
          {scenario.done !== null && <CheckIcon size={16} />}
          {scenario.done ? say('done', { day: day(scenario.done, language) }) : say('never')}
          <span className="dk-practice-turns">{say('turns', { turns: scenario.turns })}</span>
        </p>
      </div>
      <Button variant="default" onClick={onPlay} aria-label={say('of', { act, title })}>
        {act}
      </Button>
    </li>
  );
}
