import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { api } from '../api/client';
import { recordingKeys, type RecordingDetail } from '../api/recordingQueries';
import { asked } from '../parts/asks';
import { Confirm } from '../parts/Confirm';
import { Dialog } from '../parts/Dialog';
import { useAct } from '../parts/useAct';
import { recordingTexts } from './texts';

/** Keeping holds a recording, or asks for the end of a hold. */
export function Keeping({ recording, onClose }: { recording: RecordingDetail; onClose: () => void }) {
  const say = useTexts(recordingTexts);
  const [waits, setWaits] = useState(false);
  const what = recording.held === '' ? 'hold' : 'lift';
  const act = useAct((reason: string) => api.tell('POST', `/recordings/${encodeURIComponent(recording.id)}/${what}`, { reason }), recordingKeys.one);
  async function confirm(reason: string) {
    try {
      await act.mutateAsync(reason);
      onClose();
    } catch (thrown) {
      if (!asked(thrown)) throw thrown;
      setWaits(true);
    }
  }
  if (waits) {
    return (
      <Dialog title={say('lift')} size="lg" onClose={onClose}>
        <p role="status">{say('asked')}</p>
      </Dialog>
    );
  }
  return <Confirm title={say(what)} consequences={what === 'hold' ? [say('hold.1')] : [say('lift.1'), say('lift.2')]} action={say(what)} danger={what === 'lift'} reason="required" onConfirm={confirm} onClose={onClose} onDone={() => undefined} />;
}
