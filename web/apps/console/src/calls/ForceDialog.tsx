import { SegmentedControl } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { callKeys, type Agent } from '../api/callQueries';
import { api } from '../api/client';
import { Confirm } from '../parts/Confirm';
import { useAct } from '../parts/useAct';
import { callTexts } from './texts';

const states = ['ready', 'break', 'away'] as const;

/** ForceDialog sets an operator's telephone state, with a reason. */
export function ForceDialog({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const say = useTexts(callTexts);
  const [state, setState] = useState<(typeof states)[number]>('away');
  const force = useAct((reason: string) => api.tell('PUT', `/calls/people/${encodeURIComponent(agent.person)}/state`, { state, reason }), callKeys.board);
  return (
    <Confirm title={say('force.title', { name: agent.name })} consequences={[say('force.1'), say('force.2')]} action={say('force')} reason="required" onConfirm={(reason) => force.mutateAsync(reason)} onClose={onClose}>
      <SegmentedControl aria-label={say('force.to')} value={state} onChange={(value) => setState(states.find((one) => one === value) ?? 'away')} data={states.map((one) => ({ value: one, label: say(`state.${one}`) }))} />
    </Confirm>
  );
}
