import { Button } from '@mantine/core';
import { ArrowLeftIcon, ArrowRightIcon, ArrowUpIcon, CheckIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { poses, type Pose } from '@sekisho/wire/local';
import type { Problem } from '@sekisho/wire/problem';
import { CameraProblem } from '../parts/CameraProblem';
import { Heading } from '../parts/Heading';
import { Preview } from '../parts/Preview';
import { Sheet } from '../parts/Sheet';
import { useSeat, useWorkplace } from '../place';
import { deskTexts } from '../texts';
import { useShowing } from '../useShowing';

/** Enrol leads through the five poses that the agent asks for, one after the other. */
export function Enrol() {
  const say = useTexts(deskTexts);
  const { enrol, camera, problem, granted } = useSeat();
  const watched = granted?.kind === 'face_enrolment' ? granted.watched : undefined;
  const showing = useShowing(granted?.approval ?? '', watched?.run ?? null);
  const over = watched !== undefined && (showing.witnessing?.state === 'ended' || showing.witnessing?.state === 'refused');
  const workplace = useWorkplace();
  const good = enrol?.good ?? 0;
  const needed = enrol?.needed ?? poses.length;
  const pose = enrol?.pose || poses[Math.min(good, poses.length - 1)] || 'front';
  const failed = enrol?.step === 'failed' || over;
  return (
    <Sheet steps wide>
      <Heading>{say(failed ? 'enrol.failed' : 'enrol.title')}</Heading>
      <div className="dk-stage">
        {camera.kind === 'failed' ? <CameraProblem why={camera.why} /> : <Preview good={good} needed={needed} over={<Arrow pose={pose} />} seenBy={watched?.witness ?? ''} />}
        <div className="dk-guide">
          {failed || problem ? (
            watched ? (
              <FailedEnrol problem={showing.witnessing?.problem ?? null} label={say('watched.again')} onAgain={() => workplace.grant(null)} />
            ) : (
              <FailedEnrol problem={null} label={say('enrol.again')} onAgain={() => workplace.tryAgain()} />
            )
          ) : (
            <>
              <p>{watched ? say('watched.now', { name: watched.witness }) : say('enrol.body')}</p>
              <div className="dk-prompt" role="status">
                <p className="dk-prompt-line">{enrol?.step === 'sending' ? (watched ? say('watched.confirming', { name: watched.witness }) : say('enrol.sending')) : say(`pose.${pose}.do`)}</p>
                <p className="dk-prompt-hint">{enrol && enrol.hint !== '' ? say(`hint.${enrol.hint}`) : '\u00a0'}</p>
              </div>
              {showing.problem && showing.problem.code !== 'witness.pace' && <p className="dk-note">{say('watched.unseen')}</p>}
            </>
          )}
          <PoseList now={enrol?.step === 'looking' ? pose : null} good={good} />
        </div>
      </div>
    </Sheet>
  );
}

function FailedEnrol({ problem, label, onAgain }: { problem: Problem | null; label: string; onAgain: () => void }) {
  const seat = useSeat();
  const shown = problem ?? seat.problem ?? seat.enrol?.problem;
  return (
    <>
      {shown && <ProblemNotice problem={shown} />}
      <div className="dk-actions">
        <Button onClick={onAgain}>{label}</Button>
      </div>
    </>
  );
}

function PoseList({ now, good }: { now: Pose | null; good: number }) {
  const say = useTexts(deskTexts);
  return (
    <ol className="dk-poses" aria-label={say('pose.list')}>
      {poses.map((pose, i) => (
        <li key={pose} className={i < good ? 'dk-pose-done' : pose === now ? 'dk-pose-now' : undefined} aria-current={pose === now ? 'step' : undefined}>
          <span className="dk-pose-mark sk-numbers">{i < good ? <CheckIcon size={16} /> : i + 1}</span>
          <span>{say(`pose.${pose}`)}</span>
          {(i < good || pose === now) && <span className="dk-pose-state">{say(i < good ? 'pose.done' : 'pose.now')}</span>}
        </li>
      ))}
    </ol>
  );
}

// The picture is mirrored, so the operator's own left is the left of the screen.
function Arrow({ pose }: { pose: Pose }) {
  switch (pose) {
    case 'left':
      return <span className="dk-arrow dk-arrow-left">{<ArrowLeftIcon size={34} />}</span>;
    case 'right':
      return <span className="dk-arrow dk-arrow-right">{<ArrowRightIcon size={34} />}</span>;
    case 'up':
      return <span className="dk-arrow dk-arrow-up">{<ArrowUpIcon size={34} />}</span>;
    case 'front':
    case 'front2':
      return null;
  }
}
