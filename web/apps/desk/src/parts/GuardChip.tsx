import { CameraIcon, CameraOffIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { stateKey, stateTone } from '@sekisho/ui/stateLook';
import { uiTexts } from '@sekisho/ui/texts';
import { useSeat } from '../place';
import { deskTexts } from '../texts';

/** GuardChip is the guard's state as it is now: the camera's lamp of this page. */
export function GuardChip() {
  const ui = useTexts(uiTexts);
  const say = useTexts(deskTexts);
  const { verdict, camera } = useSeat();
  const state = verdict?.state ?? 'unknown';
  const hint = verdict?.hint ?? '';
  return (
    <span className={`dk-guard dk-guard-${stateTone(state)}`}>
      {camera.kind === 'on' ? <CameraIcon size={18} /> : <CameraOffIcon size={18} />}
      <span>{ui(stateKey(state))}</span>
      {state === 'unsure' && hint !== '' && <span className="dk-guard-hint">{say(`hint.${hint}`)}</span>}
    </span>
  );
}
