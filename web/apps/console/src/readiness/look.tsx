import type { Tone } from '@sekisho/ui/stateLook';
import { CheckIcon, CrossIcon, InfoIcon, WaitIcon, WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import type { ReactNode } from 'react';
import type { Light, Measure, RoomCheckRow } from '../api/readinessQueries';
import { Mark } from '../parts/Mark';
import { readinessTexts } from './texts';

const looks: { [light in Light]: { tone: Tone; icon: ReactNode } } = {
  green: { tone: 'open', icon: <CheckIcon size={16} /> },
  amber: { tone: 'attention', icon: <WarnIcon size={16} /> },
  red: { tone: 'closed', icon: <CrossIcon size={16} /> },
  unknown: { tone: 'quiet', icon: <InfoIcon size={16} /> },
};

/** LightMark is how a measure stands: a word, an icon and a colour. */
export function LightMark({ measure }: { measure: Measure }) {
  const say = useTexts(readinessTexts);
  const look = looks[measure.light];
  return (
    <Mark tone={look.tone} icon={look.icon}>
      {say(measure.trouble === 'nothing' ? 'light.nothing' : `light.${measure.light}`)}
    </Mark>
  );
}

const states = {
  waiting: { tone: 'attention', icon: <WaitIcon size={16} /> },
  accepted: { tone: 'open', icon: <CheckIcon size={16} /> },
  returned: { tone: 'closed', icon: <WarnIcon size={16} /> },
} as const;

/** CheckMark is where a self-check stands. */
export function CheckMark({ state }: { state: RoomCheckRow['state'] }) {
  const say = useTexts(readinessTexts);
  return (
    <Mark tone={states[state].tone} icon={states[state].icon}>
      {say(`state.${state}`)}
    </Mark>
  );
}
