import { Button } from '@mantine/core';
import { CameraOffIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useWorkplace } from '../place';
import type { CameraFault } from '../seat';
import { deskTexts } from '../texts';

/** CameraProblem says what is wrong with the camera and what the operator can do about it. */
export function CameraProblem({ why }: { why: CameraFault }) {
  const say = useTexts(deskTexts);
  const workplace = useWorkplace();
  return (
    <div className="dk-camera-problem" role="alert">
      <CameraOffIcon size={30} />
      <p className="dk-strong">{say(`camera.${why}`)}</p>
      <p>{say(`camera.${why}.do`)}</p>
      <Button onClick={() => workplace.tryAgain()}>{say('camera.again')}</Button>
    </div>
  );
}
