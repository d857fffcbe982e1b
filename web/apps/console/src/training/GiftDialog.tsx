import { useLanguage, useTexts } from '@sekisho/ui/language';
import { api } from '../api/client';
import { ImportDialog } from '../parts/ImportDialog';
import { trainingKeys } from './queries';
import { trainingTexts } from './texts';
import { Imported, type Course } from './views';

/** GiftDialog imports questions in Moodle's GIFT format; faults are told by line. */
export function GiftDialog({ course, onClose }: { course: Course; onClose: () => void }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  return (
    <ImportDialog<Imported>
      title={say('course.act', { title: course.title[language], act: say('import.title') })}
      say={say}
      send={(text, dry) => api.ask('POST', `/training/courses/${encodeURIComponent(course.id)}/import`, Imported, { text, dry })}
      refresh={trainingKeys.courses}
      good={(told) => <p>{say(told.stored ? 'import.done' : 'import.good', { count: told.questions })}</p>}
      fault={(fault) => (
        <>
          {say('import.line', { line: fault.line, title: fault.title })} {fault.action}
        </>
      )}
      onClose={onClose}
    />
  );
}
