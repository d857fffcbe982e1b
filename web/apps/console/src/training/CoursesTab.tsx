import { Button } from '@mantine/core';
import { BulbIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Answer } from '../parts/Answer';
import { Empty } from '../parts/Empty';
import { PlusIcon } from '../parts/icons';
import { Mark } from '../parts/Mark';
import { CourseForm } from './CourseForm';
import { GiftDialog } from './GiftDialog';
import { QuestionsPanel } from './QuestionsPanel';
import { coursesQuery } from './queries';
import { trainingTexts } from './texts';
import type { Course } from './views';

type Open = { what: 'new' } | { what: 'edit' | 'questions' | 'import'; course: Course };

/** CoursesTab lists the courses; administrators change them and their questions. */
export function CoursesTab({ may }: { may: boolean }) {
  const say = useTexts(trainingTexts);
  const courses = useQuery(coursesQuery);
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      {may && (
        <div className="co-training-acts">
          <Button leftSection={<PlusIcon size={18} />} onClick={() => setOpen({ what: 'new' })}>
            {say('courses.new')}
          </Button>
        </div>
      )}
      <Answer query={courses}>
        {(answer) =>
          answer.courses.length === 0 ? (
            <Empty icon={<BulbIcon size={36} />} title={say('courses.empty')} />
          ) : (
            <ul className="co-cards">
              {answer.courses.map((course) => (
                <li key={course.id}>
                  <CourseCard course={course} {...(may ? { onOpen: (what: 'edit' | 'questions' | 'import') => setOpen({ what, course }) } : {})} />
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      {open?.what === 'new' && <CourseForm onClose={close} />}
      {open?.what === 'edit' && <CourseForm course={open.course} onClose={close} />}
      {open?.what === 'questions' && <QuestionsPanel course={open.course} onClose={close} />}
      {open?.what === 'import' && <GiftDialog course={open.course} onClose={close} />}
    </>
  );
}

function CourseCard({ course, onOpen }: { course: Course; onOpen?: (what: 'edit' | 'questions' | 'import') => void }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const title = course.title[language];
  return (
    <article className="co-policy" aria-labelledby={`course-${course.id}`}>
      <header>
        <h2 id={`course-${course.id}`}>{title}</h2>
        <Mark tone={course.required ? 'open' : 'quiet'}>{say(course.required ? 'course.required' : 'course.optional')}</Mark>
      </header>
      <ul>
        <li>{say('course.what', { pool: course.pool, draw: course.draw, percent: course.pass_percent })}</li>
        <li>{say('course.after', { pause: course.pause_min, months: course.valid_months })}</li>
      </ul>
      {onOpen && (
        <div className="co-training-acts">
          {(['edit', 'questions', 'import'] as const).map((what) => (
            <Button key={what} variant="default" onClick={() => onOpen(what)} aria-label={say('course.act', { title, act: say(`course.${what}`) })}>
              {say(`course.${what}`)}
            </Button>
          ))}
        </div>
      )}
    </article>
  );
}
