import { Button } from '@mantine/core';
import { CameraIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { Heading } from '../parts/Heading';
import { Sheet } from '../parts/Sheet';
import { useSeat, useWorkplace } from '../place';
import { sharedTexts } from '../sharedTexts';
import { deskTexts } from '../texts';
import { Facts } from './Before';
import { StartShared } from './StartShared';

/** Start is one large button, and in words whatever stands in its way. */
export function Start() {
  const say = useTexts(deskTexts);
  const shared = useTexts(sharedTexts);
  const seat = useSeat();
  const workplace = useWorkplace();
  const { status } = seat;
  const inTheWay = status && status.code !== '' ? { type: '', status: 0, code: status.code, title: status.title, action: status.action } : null;
  const problem = seat.problem ?? inTheWay;
  const ended = seat.ended && !problem;
  return (
    <Sheet steps>
      <Heading>{say(ended ? 'start.ended' : 'start.title')}</Heading>
      <p role={ended ? 'status' : undefined}>{ended ? say('start.ended.body') : status?.shared ? shared('body') : say('start.body')}</p>
      {problem && <ProblemNotice problem={problem} />}
      {status?.shared ? (
        <StartShared action={say(problem ? 'start.again' : 'start.connect')} />
      ) : (
        <div className="dk-start">
          <Button className="dk-connect" onClick={() => void workplace.connect()}>
            {say(problem ? 'start.again' : 'start.connect')}
          </Button>
        </div>
      )}
      <p className="dk-note">
        <CameraIcon size={18} />
        <span>{say('start.camera')}</span>
      </p>
      <Facts />
    </Sheet>
  );
}
