import { Button } from '@mantine/core';
import { CameraOffIcon, DeviceIcon, EyeIcon, LineIcon, LockIcon, PeopleIcon, PersonIcon, WarnIcon, type IconProps } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import type { ReactElement } from 'react';
import { blackWords, type BlackLook } from '../blackWords';
import { CameraProblem } from '../parts/CameraProblem';
import { Heading } from '../parts/Heading';
import { aboutPosture, DeskProblem, PostureList } from '../parts/PostureList';
import { Preview } from '../parts/Preview';
import { useSeat, useWorkplace } from '../place';
import { reentryOf, stepOf } from '../rules';
import type { Cause, Seat } from '../seat';
import { deskTexts } from '../texts';
import { workTexts } from '../workTexts';
import { Approved } from './Approved';
import { Prompt } from './Login';

const icons: { [look in BlackLook]: (props: IconProps) => ReactElement } = {
  people: PeopleIcon,
  person: PersonIcon,
  camera: CameraOffIcon,
  warn: WarnIcon,
  line: LineIcon,
  hidden: EyeIcon,
  closed: LockIcon,
  device: DeviceIcon,
};

/** Black stands in place of the work: why it closed, what to do, and the way back. */
export function Black({ cause }: { cause: Cause }) {
  const say = useTexts(workTexts);
  const seat = useSeat();
  const words = blackWords(cause);
  const Icon = icons[words.look];
  // An approved session does not come back: it needs a fresh approval.
  if (stepOf(seat) === 'approval' && seat.attempt === 'due' && seat.link === 'open') return <Approved />;
  const why = words.problem ? words.problem.title : words.why && say(words.why);
  const todo = words.problem ? words.problem.action : words.todo && say(words.todo);
  const seen = seat.link === 'open' && seat.camera.kind !== 'off' && isTrying(seat);
  return (
    <div className={seen ? 'dk-black dk-black-seen' : 'dk-black'}>
      <div className="dk-black-words">
        <p className="dk-black-closed">{say('black.closed')}</p>
        <Heading className="dk-black-title">
          <span className="dk-black-icon">
            <Icon size={34} />
          </span>
          <span>{say(words.title)}</span>
        </Heading>
        <dl className="dk-black-why">
          {why && <dt>{say('black.why')}</dt>}
          {why && <dd>{why}</dd>}
          {todo && <dt>{say('black.do')}</dt>}
          {todo && <dd>{todo}</dd>}
        </dl>
        {aboutPosture(words.problem) && seat.link === 'open' && !(seat.problem ?? seat.login?.problem) && <PostureList />}
        {words.recorded && <p className="dk-small">{say('black.record')}</p>}
      </div>
      <div className="dk-black-back">{seat.link === 'open' && <WayBack cause={cause} />}</div>
    </div>
  );
}

function isTrying({ attempt, login, problem }: Seat): boolean {
  return attempt !== 'none' && login?.step !== 'failed' && problem === null;
}

function WayBack({ cause }: { cause: Cause }) {
  const say = useTexts(workTexts);
  const desk = useTexts(deskTexts);
  const seat = useSeat();
  const { camera, login, problem } = seat;
  const workplace = useWorkplace();
  if (seat.status?.phase === 'connecting') return <p role="status">{desk('connecting.title')}</p>;
  if (camera.kind === 'failed') return <CameraProblem why={camera.why} />;
  const running = isTrying(seat);
  if (running && camera.kind === 'on') {
    return (
      <div className="dk-black-login">
        <Preview small good={login?.good ?? 0} needed={login?.needed ?? 0} />
        <Prompt />
      </div>
    );
  }
  const shown = problem ?? login?.problem ?? null;
  return (
    <div className="dk-black-login">
      {shown && <DeskProblem problem={shown} />}
      {running ? <p role="status">{say(reentryOf(cause) === 'alone' ? 'black.waiting' : 'black.checking')}</p> : null}
      <Button size="lg" onClick={() => workplace.tryAgain()}>
        {stepOf(seat) === 'approval' ? say('black.approval') : login?.step === 'failed' ? desk('login.again') : say('black.again')}
      </Button>
    </div>
  );
}
