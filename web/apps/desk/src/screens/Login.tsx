import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { CameraProblem } from '../parts/CameraProblem';
import { Heading } from '../parts/Heading';
import { aboutPosture, DeskProblem } from '../parts/PostureList';
import { Preview } from '../parts/Preview';
import { Sheet } from '../parts/Sheet';
import { Withdraw } from '../parts/Withdraw';
import { useSeat, useWorkplace } from '../place';
import { postureTexts } from '../postureTexts';
import { faceLost } from '../rules';
import { deskTexts } from '../texts';

/** Login runs by itself after 接続; the operator only has to look into the camera. */
export function Login() {
  const say = useTexts(deskTexts);
  const { login, camera, problem } = useSeat();
  const workplace = useWorkplace();
  const posture = useTexts(postureTexts);
  const failed = login?.step === 'failed' || problem !== null;
  const why = problem ?? login?.problem;
  const title = camera.kind === 'failed' ? 'camera.title' : failed ? 'login.failed' : 'login.title';
  return (
    <Sheet steps wide>
      <Heading>{failed && aboutPosture(why) ? posture('title') : say(title)}</Heading>
      <div className="dk-stage">
        {camera.kind === 'failed' ? <CameraProblem why={camera.why} /> : <Preview good={login?.good ?? 0} needed={login?.needed ?? 0} />}
        <div className="dk-guide">
          {failed ? (
            <>
              {why && <DeskProblem problem={why} />}
              <div className="dk-actions">
                {faceLost(why) && (
                  <Button size="md" onClick={() => workplace.enrolAnew()}>
                    {say('login.enrol')}
                  </Button>
                )}
                <Button size="md" variant={faceLost(why) ? 'default' : 'filled'} onClick={() => workplace.tryAgain()}>
                  {say('login.again')}
                </Button>
              </div>
            </>
          ) : (
            camera.kind !== 'failed' && <Prompt />
          )}
          <div className="dk-aside">
            <h2>{say('login.other')}</h2>
            <p>{say('login.other.do')}</p>
          </div>
          <Withdraw />
        </div>
      </div>
    </Sheet>
  );
}

/** Prompt says what to do now, and is read out when it changes. */
export function Prompt() {
  const say = useTexts(deskTexts);
  const { login } = useSeat();
  const asked = login?.step === 'challenge' && login.challenge !== '' ? login.challenge : null;
  return (
    <div className="dk-prompt" role="status">
      {asked && <p className="dk-prompt-tag">{say('challenge.title')}</p>}
      <p className="dk-prompt-line">
        {asked ? say(`challenge.${asked}`) : login?.step === 'sending' || login?.step === 'done' ? say('login.sending') : say('login.body')}
      </p>
      <p className="dk-prompt-hint">{login && login.hint !== '' ? say(`hint.${login.hint}`) : '\u00a0'}</p>
    </div>
  );
}
