import { Loader } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { Heading } from '../parts/Heading';
import { Sheet } from '../parts/Sheet';
import { useSeat, useWorkplace } from '../place';
import type { Step } from '../rules';
import { deskTexts } from '../texts';
import { Approved } from './Approved';
import { Consent } from './Consent';
import { Enrol } from './Enrol';
import { Login } from './Login';
import { TrainingStep } from './Training';
import { Witness } from './Witness';

/** StepScreen is what a person has to do next between 接続 and work. */
export function StepScreen({ step }: { step: Step | 'connecting' }) {
  const { granted } = useSeat();
  switch (step) {
    case 'connecting':
      return <Connecting />;
    case 'asking':
      return <Preparing />;
    case 'consent':
      return <Consent />;
    case 'face':
      return granted?.kind === 'face_enrolment' ? <Enrol /> : <Witness />;
    case 'training':
      return <TrainingStep />;
    case 'login':
      return <Login />;
    case 'approval':
      return <Approved />;
  }
}

function Connecting() {
  const say = useTexts(deskTexts);
  return (
    <Sheet steps>
      <Heading>{say('connecting.title')}</Heading>
      <div className="dk-inline-wait" role="status">
        <Loader size="sm" />
        <p>{say('connecting.body')}</p>
      </div>
    </Sheet>
  );
}

function Preparing() {
  const say = useTexts(deskTexts);
  const { problem } = useSeat();
  const workplace = useWorkplace();
  return (
    <Sheet steps>
      <Heading>{say('preparing.title')}</Heading>
      {problem ? <ProblemNotice problem={problem} onRetry={() => workplace.refresh()} /> : <Loader size="sm" />}
    </Sheet>
  );
}
