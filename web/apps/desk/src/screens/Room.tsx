import { Button, Loader } from '@mantine/core';
import { BackIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { day } from '@sekisho/ui/time';
import type { RoomCheck } from '@sekisho/wire/room';
import { useState } from 'react';
import { Heading } from '../parts/Heading';
import { RoomForm } from '../parts/RoomForm';
import { roomTexts } from '../roomTexts';
import type { RoomRead } from '../useRoom';
import '../room.css';

/** RoomPanel is the self-check of the room, during work and left at any time. */
export function RoomPanel({ read, onBack }: { read: RoomRead; onBack: () => void }) {
  const say = useTexts(roomTexts);
  const [again, setAgain] = useState(false);
  const { room, problem, load } = read;
  const form = room !== null && room.asked && (room.due || again);
  return (
    <div className="dk-records">
      <div className="dk-records-inner">
        <Button variant="subtle" size="compact-md" leftSection={<BackIcon size={18} />} onClick={onBack}>
          {say('back')}
        </Button>
        <Heading>{say('title')}</Heading>
        <p>{say('body')}</p>
        {problem && <ProblemNotice problem={problem} onRetry={load} />}
        {!room && !problem && <Loader size="sm" aria-label={say('title')} />}
        {room && <Stand room={room} />}
        {form && (
          <RoomForm
            room={room}
            onSent={() => {
              setAgain(false);
              load();
            }}
          />
        )}
        {room && room.asked && !form && (
          <div>
            <Button variant="default" onClick={() => setAgain(true)}>
              {say('again')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function Stand({ room }: { room: RoomCheck }) {
  const say = useTexts(roomTexts);
  const { language } = useLanguage();
  const when = { day: room.last ? day(room.last.at, language) : '', until: room.until ? day(room.until, language) : '' };
  return (
    <div className="dk-room-state" data-due={room.due} role="status">
      <p>{room.asked ? say(`state.${room.state}`, when) : say('not.asked')}</p>
      {room.last && room.last.note !== '' && (
        <dl>
          <dt className="dk-small">{say('note')}</dt>
          <dd>{room.last.note}</dd>
        </dl>
      )}
    </div>
  );
}
