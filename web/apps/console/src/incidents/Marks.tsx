import { CheckIcon, CrossIcon, InfoIcon, WaitIcon, WarnIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import type { ReactNode } from 'react';
import type { Decision, Evidence } from '../api/views';
import { Mark } from '../parts/Mark';
import { decisionTone, evidenceTone } from './list';
import { incidentTexts } from './texts';

const evidenceIcons: { [evidence in Evidence]: ReactNode } = {
  expected: <WaitIcon size={16} />,
  arrived: <CheckIcon size={16} />,
  missing: <WarnIcon size={16} />,
  deleted: <CrossIcon size={16} />,
  none: <InfoIcon size={16} />,
};

const decisionIcons: { [decision in Decision]: ReactNode } = {
  '': <WaitIcon size={16} />,
  true: <WarnIcon size={16} />,
  harmless: <CheckIcon size={16} />,
  false: <InfoIcon size={16} />,
};

export function EvidenceMark({ evidence }: { evidence: Evidence }) {
  const say = useTexts(incidentTexts);
  return (
    <Mark tone={evidenceTone[evidence]} icon={evidenceIcons[evidence]}>
      {say(`evidence.${evidence}`)}
    </Mark>
  );
}

export function DecisionMark({ decision }: { decision: Decision }) {
  const ui = useTexts(uiTexts);
  return (
    <Mark tone={decisionTone[decision]} icon={decisionIcons[decision]}>
      {ui(decision === '' ? 'decision.none' : `decision.${decision}`)}
    </Mark>
  );
}
