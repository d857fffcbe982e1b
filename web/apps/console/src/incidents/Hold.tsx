import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import type { IncidentDetail } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { useAct } from '../parts/useAct';
import { incidentTexts } from './texts';

/** Hold keeps the sealed pictures beyond their time, or lets them go: with a reason that the person concerned reads. */
export function Hold({ incident }: { incident: IncidentDetail }) {
  const say = useTexts(incidentTexts);
  const [asking, setAsking] = useState(false);
  const act = incident.held ? 'release' : 'hold';
  const change = useAct(
    (reason: string) => api.tell('POST', `/incidents/${encodeURIComponent(incident.id)}/${act}`, { reason }),
    keys.incidents,
  );
  return (
    <div>
      <Button variant="default" onClick={() => setAsking(true)}>
        {say(act)}
      </Button>
      {asking && (
        <Confirm
          title={say(`${act}.title`)}
          consequences={[say(`${act}.1`), say('hold.seen')]}
          action={say(act)}
          reason="required"
          onConfirm={(reason) => change.mutateAsync(reason)}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
