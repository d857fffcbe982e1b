import { Button, Stack } from '@mantine/core';
import { LeaveIcon, PersonIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { dateTime, elapsed } from '@sekisho/ui/time';
import { useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import type { Seat } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { Facts, type Fact } from '../parts/Facts';
import { Side } from '../parts/Side';
import { useAct } from '../parts/useAct';
import { SeatState } from './SeatState';
import { floorTexts } from './texts';

/** SeatPanel is one seat in full, with the one act that a supervisor has on it. */
export function SeatPanel({ seat, now, onClose }: { seat: Seat; now: number; onClose: () => void }) {
  const say = useTexts(floorTexts);
  const [asking, setAsking] = useState<'close' | 'unlock' | null>(null);
  const end = useAct((reason: string) => api.tell('POST', `/sessions/${encodeURIComponent(seat.session)}/close`, { reason }), keys.floor);
  const unlock = useAct(() => api.tell('POST', `/floor/${encodeURIComponent(seat.person)}/unlock`), keys.floor);
  return (
    <Side title={say('panel')} size="md" onClose={onClose}>
      <Stack gap="md">
        <h2 className="co-panel-name">{seat.name}</h2>
        <div>
          <SeatState seat={seat} />
        </div>
        <Facts facts={useFacts(seat, now)} />
        {seat.session !== '' && (
          <Button color="beni" variant="outline" leftSection={<LeaveIcon size={18} />} onClick={() => setAsking('close')}>
            {say('close')}
          </Button>
        )}
        {seat.session === '' && seat.phase !== 'offline' && (
          <Button variant="default" leftSection={<PersonIcon size={18} />} onClick={() => setAsking('unlock')}>
            {say('unlock')}
          </Button>
        )}
      </Stack>
      {asking === 'unlock' && (
        <Confirm
          title={say('unlock.title', { name: seat.name })}
          consequences={[say('unlock.1'), say('unlock.2')]}
          action={say('unlock')}
          reason="none"
          onConfirm={() => unlock.mutateAsync()}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'close' && (
        <Confirm
          title={say('close.title', { name: seat.name })}
          consequences={[say('close.1'), say('close.2'), say('close.3')]}
          action={say('close')}
          danger
          reason="required"
          onConfirm={(reason) => end.mutateAsync(reason)}
          onClose={() => setAsking(null)}
        />
      )}
    </Side>
  );
}

function useFacts(seat: Seat, now: number): Fact[] {
  const say = useTexts(floorTexts);
  const ui = useTexts(uiTexts);
  const { language } = useLanguage();
  const facts: Fact[] = [
    { label: say('col.pc'), value: seat.asset_tag },
    { label: say('col.place'), value: ui(seat.place === '' ? 'place.none' : `place.${seat.place}`) },
    { label: ui('tier.label'), value: seat.tier === '' ? ui('tier.none') : seat.tier },
  ];
  if (seat.since !== null) {
    facts.push({ label: say('panel.started'), value: dateTime(seat.since, language) });
    facts.push({ label: say('col.since'), value: <span className="sk-numbers">{elapsed(now - Date.parse(seat.since))}</span> });
  }
  if (seat.reason_text !== '') facts.push({ label: say('panel.reason'), value: seat.reason_text });
  if (seat.class !== '') facts.push({ label: say('panel.class'), value: seat.class === 'approved' ? say('class.approved') : say('class.face') });
  facts.push({ label: say('panel.session'), value: seat.session === '' ? say('panel.session.none') : <span className="co-id">{seat.session}</span> });
  return facts;
}
