import { Button } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useState } from 'react';
import { api } from '../api/client';
import { OldFaceSealed, witnessPath, type WitnessCase } from '../api/witnessQueries';
import { hashOf, openOld } from './oldKey';
import { witnessTexts } from './texts';

/** OldPicture shows the picture of the enrolment on the old PC beside the camera's, once officers have sealed it to this page. */
export function OldPicture({ shown, picture, onOpened }: { shown: WitnessCase; picture: string; onOpened: (picture: string) => void }) {
  const say = useTexts(witnessTexts);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [unreadable, setUnreadable] = useState(false);
  const [busy, setBusy] = useState(false);

  async function show() {
    setBusy(true);
    setProblem(null);
    try {
      const sealed = await api.ask('POST', witnessPath(shown.id, '/old'), OldFaceSealed, {});
      const opened = await openOld(sealed.device, sealed.picture, sealed.sealed);
      setUnreadable(opened === null);
      if (opened === null) return;
      await api.ask('POST', witnessPath(shown.id, '/old'), OldFaceSealed, { opened: await hashOf(sealed.sealed) }); // what was not opened was not seen
      onOpened(opened);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <figure className="co-witness-face">
      <figcaption>{say('old')}</figcaption>
      {picture !== '' ? (
        <img src={picture} alt={say('old.alt', { name: shown.name })} />
      ) : (
        <div className="co-witness-none">
          <p>{unreadable ? say('old.unreadable') : say(shown.old === 'kept' ? 'old.kept' : shown.old === 'asked' ? 'old.asked' : 'old.given')}</p>
          {problem && <ProblemNotice problem={problem} />}
          {(shown.old === 'given' || shown.old === 'seen') && (
            <Button variant="default" loading={busy} onClick={() => void show()}>
              {say('old.show')}
            </Button>
          )}
        </div>
      )}
    </figure>
  );
}
