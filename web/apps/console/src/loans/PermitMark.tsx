import { CheckIcon, CrossIcon, WaitIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import type { Permit } from '../api/loanViews';
import { Mark } from '../parts/Mark';
import { loanTexts } from './texts';

/** PermitMark says in words whether a permit counts. */
export function PermitMark({ permit }: { permit: Permit | null }) {
  const say = useTexts(loanTexts);
  switch (permit?.state) {
    case 'now':
      return (
        <Mark tone="open" icon={<CheckIcon size={16} />}>
          {say('permit.now', { until: permit.until })}
        </Mark>
      );
    case 'ahead':
      return (
        <Mark tone="attention" icon={<WaitIcon size={16} />}>
          {say('permit.ahead', { from: permit.from })}
        </Mark>
      );
    case 'over':
      return <Mark tone="quiet">{say('permit.over')}</Mark>;
    case 'ended':
      return (
        <Mark tone="closed" icon={<CrossIcon size={16} />}>
          {say('permit.ended')}
        </Mark>
      );
    case undefined:
      return <Mark tone="quiet">{say('permit.none')}</Mark>;
  }
}
