import { Button, Loader } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import type { Approval } from '@sekisho/wire/desk';
import { useEffect } from 'react';
import { CodeWait } from '../parts/CodeWait';
import { Heading } from '../parts/Heading';
import { Sheet } from '../parts/Sheet';
import { useWorkplace } from '../place';
import { deskTexts } from '../texts';
import { useApproval, type ApprovalWait } from '../useApproval';
import { useWitnessing } from '../useWitnessing';
import { Agree } from './Agree';

/** Witness asks a supervisor to watch the enrolment, beside or by video; the camera stays off until then. */
export function Witness() {
  const say = useTexts(deskTexts);
  const workplace = useWorkplace();
  const wait = useApproval('face_enrolment');
  const { approval, problem, asking, ask } = wait;
  useEffect(() => {
    if (approval?.state === 'approved') workplace.grant({ kind: 'face_enrolment', approval: approval.id });
  }, [approval, workplace]);
  return (
    <Sheet steps>
      <Heading>{say('witness.title')}</Heading>
      {approval ? (
        <Waiting approval={approval} wait={wait} />
      ) : (
        <>
          <p>{say('witness.body')}</p>
          {problem && <ProblemNotice problem={problem} />}
          <div className="dk-actions">
            <Button size="md" loading={asking} onClick={() => void ask('')}>
              {say('witness.ask')}
            </Button>
          </div>
        </>
      )}
    </Sheet>
  );
}

/** Waiting shows the code to read out, until a supervisor comes to watch by video. */
function Waiting({ approval, wait }: { approval: Approval; wait: ApprovalWait }) {
  const say = useTexts(deskTexts);
  const workplace = useWorkplace();
  const { witnessing, problem, answering, agree } = useWitnessing(approval.state === 'waiting' ? approval.id : null);
  const again = () => void wait.ask('');
  const stands = problem ?? wait.problem;

  async function answer(accept: boolean) {
    const now = await agree(accept);
    if (now?.state === 'watched') workplace.grant({ kind: 'face_enrolment', approval: approval.id, watched: { run: now.run, witness: now.witness } });
  }

  if (witnessing?.state === 'taken') return <Agree name={witnessing.witness} problem={problem} answering={answering} onAnswer={(accept) => void answer(accept)} />;
  if (witnessing?.problem && approval.state === 'waiting') return <ProblemNotice problem={witnessing.problem} onRetry={again} retryLabel={say('watched.again')} />;
  if (witnessing?.needed && approval.state === 'waiting') {
    return (
      <div className="dk-code-wait">
        <p>{say('watched.wait.why')}</p>
        <div className="dk-inline-wait" role="status">
          <Loader size="sm" />
          <p>{say('watched.wait')}</p>
        </div>
        {stands && <ProblemNotice problem={stands} />}
        <div className="dk-actions">
          <Button variant="default" onClick={wait.forget}>
            {say('approval.cancel')}
          </Button>
        </div>
      </div>
    );
  }
  return <CodeWait approval={approval} problem={wait.problem} onAgain={again} onCancel={wait.forget} />;
}
