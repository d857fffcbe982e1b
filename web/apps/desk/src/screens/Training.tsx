import { Button, Loader } from '@mantine/core';
import { BackIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import type { TrainingDocument } from '@sekisho/wire/training';
import { useCallback, useState } from 'react';
import { Heading } from '../parts/Heading';
import { PracticeList, practiceOpen } from '../parts/PracticeList';
import { PracticePlay } from '../parts/PracticePlay';
import { Quiz } from '../parts/Quiz';
import { ReadRules } from '../parts/ReadRules';
import { Sheet } from '../parts/Sheet';
import { TrainingList } from '../parts/TrainingList';
import { useWorkplace } from '../place';
import { trainingTexts } from '../trainingTexts';
import { usePractice } from '../usePractice';
import { useTraining } from '../useTraining';
import '../training.css';
import '../practice.css';

type Shown = { kind: 'list' } | { kind: 'quiz'; course: string } | { kind: 'practice'; scenario: string } | { kind: 'read'; document: TrainingDocument };

/** TrainingStep is what stands before work in quarantine: the course, then the rules, then straight on. */
export function TrainingStep() {
  const say = useTexts(trainingTexts);
  const workplace = useWorkplace();
  const on = useCallback(() => workplace.refresh(), [workplace]);
  return (
    <Sheet steps wide>
      <Training title={say('step.title')} body={say('step.body')} onDone={on} />
    </Sheet>
  );
}

/** TrainingPanel is the same during work, where it can be left at any time. */
export function TrainingPanel({ onBack }: { onBack: () => void }) {
  const say = useTexts(trainingTexts);
  return (
    <div className="dk-records">
      <div className="dk-records-inner">
        <Button variant="subtle" size="compact-md" leftSection={<BackIcon size={18} />} onClick={onBack}>
          {say('back.work')}
        </Button>
        <Training title={say('list.title')} live />
      </div>
    </div>
  );
}

function Training({ title, body, live = false, onDone }: { title: string; body?: string; live?: boolean; onDone?: () => void }) {
  const say = useTexts(trainingTexts);
  const workplace = useWorkplace();
  const { training, problem, load } = useTraining(onDone);
  const practice = usePractice();
  const [shown, setShown] = useState<Shown>({ kind: 'list' });
  const back = () => {
    setShown({ kind: 'list' });
    load();
    practice.load();
    // What was just done may have been all that kept the operator from work.
    void workplace.relearn();
  };
  if (shown.kind === 'quiz') return <Quiz course={shown.course} onBack={back} />;
  if (shown.kind === 'practice') return <PracticePlay scenario={shown.scenario} onBack={back} />;
  if (shown.kind === 'read') return <ReadRules document={shown.document} live={live} onBack={back} />;
  return (
    <>
      <Heading>{title}</Heading>
      {body && <p>{body}</p>}
      {problem && <ProblemNotice problem={problem} onRetry={load} />}
      {!training && !problem && <Loader size="sm" aria-label={say('list.title')} />}
      {training && (
        <TrainingList
          training={training}
          practiceOpen={practiceOpen(practice.practice)}
          onCourse={(course) => setShown({ kind: 'quiz', course })}
          onDocument={(document) => setShown({ kind: 'read', document })}
        />
      )}
      {training && <PracticeList read={practice} onPlay={(scenario) => setShown({ kind: 'practice', scenario })} />}
    </>
  );
}
