import { Button } from '@mantine/core';
import { CameraOffIcon, CupIcon, LockIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { elapsed } from '@sekisho/ui/time';
import { useState } from 'react';
import { Heading } from '../parts/Heading';
import { useClock } from '../parts/useClock';
import { useWorkplace } from '../place';
import { workTexts } from '../workTexts';

/** BreakScreen: camera off, access closed, one button to come back. */
export function BreakScreen() {
  const say = useTexts(workTexts);
  const workplace = useWorkplace();
  const now = useClock();
  const [began] = useState(() => performance.now());
  return (
    <div className="dk-break">
      <Heading className="dk-black-title">
        <span className="dk-black-icon">
          <CupIcon size={34} />
        </span>
        <span>{say('black.break')}</span>
      </Heading>
      <p>{say('black.break.why')}</p>
      <dl className="dk-break-time">
        <dt>{say('break.time')}</dt>
        <dd className="sk-numbers">{elapsed(now - began)}</dd>
      </dl>
      <ul className="dk-break-facts">
        <li>
          <CameraOffIcon size={18} />
          {say('break.camera')}
        </li>
        <li>
          <LockIcon size={18} />
          {say('break.access')}
        </li>
      </ul>
      <Button size="lg" onClick={() => workplace.resume()}>
        {say('break.resume')}
      </Button>
      <p className="dk-small">{say('black.break.do')}</p>
    </div>
  );
}
