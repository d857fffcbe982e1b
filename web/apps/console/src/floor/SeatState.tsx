import { CameraOffIcon, CheckIcon, CupIcon, EyeIcon, LeaveIcon, LineIcon, LockIcon, PeopleIcon, PersonIcon, WaitIcon, WarnIcon } from '@sekisho/ui/icons';
import { useTexts, type Say } from '@sekisho/ui/language';
import { stateKey } from '@sekisho/ui/stateLook';
import { uiTexts, type UiKey } from '@sekisho/ui/texts';
import type { State } from '@sekisho/wire/states';
import type { ReactNode } from 'react';
import type { Seat } from '../api/views';
import { Mark } from '../parts/Mark';
import { toneOf } from './tone';
import { floorTexts } from './texts';

const stateIcons: { [state in State]: ReactNode } = {
  unknown: <WaitIcon size={16} />,
  present: <CheckIcon size={16} />,
  unsure: <WaitIcon size={16} />,
  onlooker: <EyeIcon size={16} />,
  other: <PersonIcon size={16} />,
  absent: <LeaveIcon size={16} />,
  covered: <CameraOffIcon size={16} />,
  spoof: <WarnIcon size={16} />,
  break: <CupIcon size={16} />,
  lost: <LineIcon size={16} />,
};

/** seatWords says in words how a seat stands. */
export function seatWords(seat: Seat, say: Say<keyof (typeof floorTexts)['messages']>, ui: Say<UiKey>): string {
  switch (seat.phase) {
    case 'live':
      return ui(stateKey(seat.state));
    case 'closed':
      return seat.state === 'unknown' || seat.state === 'present' ? say('phase.closed.plain') : say('phase.closed', { state: ui(stateKey(seat.state)) });
    default:
      return say(`phase.${seat.phase}`);
  }
}

function seatIcon(seat: Seat): ReactNode {
  if (seat.phase === 'offline') return <LineIcon size={16} />;
  if (seat.phase === 'quarantine') return <LockIcon size={16} />;
  if (seat.phase === 'break') return <CupIcon size={16} />;
  return stateIcons[seat.state];
}

/** SeatState is a seat's state as a mark: word, icon, colour. */
export function SeatState({ seat }: { seat: Seat }) {
  const say = useTexts(floorTexts);
  const ui = useTexts(uiTexts);
  return (
    <Mark tone={toneOf[seat.group]} icon={seatIcon(seat)}>
      {seatWords(seat, say, ui)}
    </Mark>
  );
}

/** StateMark is a guard state alone, as incidents name it. */
export function StateMark({ state }: { state: State }) {
  const ui = useTexts(uiTexts);
  return (
    <span className="co-state">
      {stateIcons[state] ?? <PeopleIcon size={16} />}
      <span>{ui(stateKey(state))}</span>
    </span>
  );
}
