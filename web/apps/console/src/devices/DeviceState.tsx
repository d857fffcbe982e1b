import { CheckIcon, CrossIcon, LeaveIcon, LockIcon, RecordIcon, WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import type { ReactNode } from 'react';
import type { DeviceState as State } from '../api/views';
import { Mark } from '../parts/Mark';
import { deviceTone } from './course';
import { deviceTexts } from './texts';

const icons: { [state in State]: ReactNode } = {
  registered: <RecordIcon size={16} />,
  pending: <WarnIcon size={16} />,
  issued: <CheckIcon size={16} />,
  suspended: <LockIcon size={16} />,
  returned: <LeaveIcon size={16} />,
  revoked: <CrossIcon size={16} />,
};

export function DeviceState({ state }: { state: State }) {
  const say = useTexts(deviceTexts);
  return (
    <Mark tone={deviceTone[state]} icon={icons[state]}>
      {say(`state.${state}`)}
    </Mark>
  );
}
