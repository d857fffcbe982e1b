import { Button } from '@mantine/core';
import { CheckIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime, day } from '@sekisho/ui/time';
import type { Training, TrainingCourse, TrainingDocument } from '@sekisho/wire/training';
import { trainingTexts } from '../trainingTexts';

type Props = { training: Training; practiceOpen: boolean; onCourse: (id: string) => void; onDocument: (document: TrainingDocument) => void };

/** openOf counts what is still to do. */
export function openOf({ courses, documents }: Training): number {
  return courses.filter((c) => !c.done || c.soon).length + documents.filter((d) => d.required && d.done === null).length;
}

/** TrainingList is everything that is asked of the operator, with how far each is. */
export function TrainingList({ training, practiceOpen, onCourse, onDocument }: Props) {
  const say = useTexts(trainingTexts);
  return (
    <div className="dk-training">
      {openOf(training) === 0 && !practiceOpen && (
        <p className="dk-training-done" role="status">
          <CheckIcon size={18} />
          <span>{say('all.done')}</span>
        </p>
      )}
      {training.courses.length > 0 && (
        <section aria-labelledby="training-courses">
          <h2 id="training-courses">{say('courses')}</h2>
          <ul>
            {training.courses.map((course) => (
              <Course key={course.id} course={course} onStart={() => onCourse(course.id)} />
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="training-documents">
        <h2 id="training-documents">{say('documents')}</h2>
        <ul>
          {training.documents.map((document) => (
            <Document key={document.id} document={document} onRead={() => onDocument(document)} />
          ))}
        </ul>
      </section>
    </div>
  );
}

function Course({ course, onStart }: { course: TrainingCourse; onStart: () => void }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const title = course.title[language];
  const { attempt } = course;
  const act = attempt ? say('course.resume', { answered: attempt.answered, asked: attempt.asked }) : say(course.done ? 'course.again' : 'course.start');
  const until = course.until ? day(course.until, language) : '';
  const state = course.soon ? say('state.soon', { day: until }) : course.done ? say('state.done', { day: until }) : say('state.open');
  return (
    <li className="dk-training-row">
      <div>
        <h3>{title}</h3>
        <p className="dk-small">{say('course.what', { questions: course.questions, percent: course.pass_percent })}</p>
        <p className="dk-training-state" data-done={course.done && !course.soon}>
          {course.done && !course.soon && <CheckIcon size={16} />}
          {state}
        </p>
        {!course.done && course.due && Date.parse(course.due) > Date.now() && <p className="dk-small">{say('state.due', { day: day(course.due, language) })}</p>}
        {course.retry_at && <p className="dk-small">{say('course.pause', { time: dateTime(course.retry_at, language) })}</p>}
      </div>
      <Button variant={course.done && !course.soon ? 'default' : 'filled'} disabled={course.retry_at !== null} onClick={onStart} aria-label={say('course.of', { act, title })}>
        {act}
      </Button>
    </li>
  );
}

function Document({ document, onRead }: { document: TrainingDocument; onRead: () => void }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const title = document.title[language];
  const open = document.required && document.done === null;
  const act = say(open ? 'document.read' : 'document.look');
  const state = document.done ? say('document.done', { day: day(document.done, language) }) : say(document.required ? 'document.open' : 'document.info');
  return (
    <li className="dk-training-row">
      <div>
        <h3>{title}</h3>
        <p className="dk-small">
          {say(`level.${document.level}`)} / {say('document.version', { version: document.version })}
        </p>
        <p className="dk-training-state" data-done={document.done !== null}>
          {document.done !== null && <CheckIcon size={16} />}
          {state}
        </p>
      </div>
      <Button variant={open ? 'filled' : 'default'} onClick={onRead} aria-label={say('course.of', { act, title })}>
        {act}
      </Button>
    </li>
  );
}
