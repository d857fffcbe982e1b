import { Button } from '@mantine/core';
import { CheckIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf } from '@sekisho/wire/problem';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { Answer } from '../parts/Answer';
import { Side } from '../parts/Side';
import { useAct } from '../parts/useAct';
import { questionsQuery, trainingKeys } from './queries';
import { trainingTexts } from './texts';
import type { Course, Question } from './views';

/** QuestionsPanel shows a course's pool with its key, to whoever may change it. */
export function QuestionsPanel({ course, onClose }: { course: Course; onClose: () => void }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const questions = useQuery(questionsQuery(course.id));
  const retire = useAct((id: string) => api.tell('POST', `/training/questions/${encodeURIComponent(id)}/retire`), trainingKeys.courses);
  return (
    <Side title={say('questions.of', { title: course.title[language] })} size="lg" onClose={onClose}>
      <p className="co-note" data-tone="attention">
        {say('questions.key')}
      </p>
      {retire.isError && <ProblemNotice problem={problemOf(retire.error)} />}
      <Answer query={questions}>
        {(answer) =>
          answer.questions.length === 0 ? (
            <p className="co-nothing">{say('questions.empty')}</p>
          ) : (
            <ol className="co-questions">
              {answer.questions.map((question) => (
                <QuestionRow key={question.id} question={question} onRetire={() => retire.mutate(question.id)} busy={retire.isPending} />
              ))}
            </ol>
          )
        }
      </Answer>
    </Side>
  );
}

function QuestionRow({ question, busy, onRetire }: { question: Question; busy: boolean; onRetire: () => void }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const text = question.text[language];
  return (
    <li>
      <h3>{text}</h3>
      <ul>
        {question.options.map((option, i) => (
          <li key={i} data-right={option.right}>
            {option.text[language]}
            {option.right && (
              <small>
                <CheckIcon size={14} /> {say('question.right')}
              </small>
            )}
          </li>
        ))}
      </ul>
      <p>{question.explain[language]}</p>
      <Button variant="default" size="compact-sm" disabled={busy} onClick={onRetire} aria-label={say('question.retire.of', { text })}>
        {say('question.retire')}
      </Button>
    </li>
  );
}
