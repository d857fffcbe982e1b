import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useEffect } from 'react';
import { CodeWait } from '../parts/CodeWait';
import { Heading } from '../parts/Heading';
import { Sheet } from '../parts/Sheet';
import { useWorkplace } from '../place';
import { deskTexts } from '../texts';
import { useApproval } from '../useApproval';

/** Witness asks a supervisor to watch the enrolment; the camera stays off until then. */
export function Witness() {
  const say = useTexts(deskTexts);
  const workplace = useWorkplace();
  const { approval, problem, asking, ask, forget } = useApproval('face_enrolment');
  useEffect(() => {
    if (approval?.state === 'approved') workplace.grant({ kind: 'face_enrolment', approval: approval.id });
  }, [approval, workplace]);
  return (
    <Sheet steps>
      <Heading>{say('witness.title')}</Heading>
      {approval ? (
        <CodeWait approval={approval} problem={problem} onAgain={() => void ask('')} onCancel={forget} />
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
