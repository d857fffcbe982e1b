import { Button } from '@mantine/core';
import { CameraIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useEffect, useRef, useState, type ChangeEvent } from 'react';
import { useSeat } from '../place';
import { drawn, drawnFile } from '../roomPhoto';
import { roomTexts } from '../roomTexts';

type Props = { needed: boolean; keepDays: number; photo: Blob | null; fault: boolean; onPhoto: (photo: Blob | null) => void };

/** RoomPhoto takes a photograph of the room with the camera that is on already, or from a file. */
export function RoomPhoto({ needed, keepDays, photo, fault, onPhoto }: Props) {
  const say = useTexts(roomTexts);
  const { camera } = useSeat();
  const [looking, setLooking] = useState(false);
  const [unreadable, setUnreadable] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const stream = camera.kind === 'on' ? camera.stream : null;

  async function choose(event: ChangeEvent<HTMLInputElement>) {
    const input = event.currentTarget;
    const file = input.files?.[0];
    input.value = ''; // the same file can be chosen again
    if (!file) return;
    const made = await drawnFile(file);
    setUnreadable(made === null);
    if (made !== null) onPhoto(made);
  }

  return (
    <section className="dk-room-photo" aria-labelledby="room-photo">
      <h2 id="room-photo">{say('photo')}</h2>
      <p className="dk-small">
        {say('photo.help', { need: say(needed ? 'photo.required' : 'photo.optional'), days: keepDays })}
      </p>
      {photo !== null && <Chosen photo={photo} onRemove={() => onPhoto(null)} />}
      {photo === null && looking && stream !== null && (
        <Live
          stream={stream}
          onTaken={(made) => {
            setLooking(false);
            setUnreadable(made === null);
            onPhoto(made);
          }}
          onCancel={() => setLooking(false)}
        />
      )}
      {photo === null && !(looking && stream !== null) && (
        <div className="dk-room-acts">
          {stream !== null && (
            <Button variant="default" leftSection={<CameraIcon size={18} />} onClick={() => setLooking(true)}>
              {say('photo.camera')}
            </Button>
          )}
          <Button variant="default" onClick={() => chooser.current?.click()}>
            {say('photo.file')}
          </Button>
          <input ref={chooser} type="file" accept="image/*" hidden aria-label={say('photo.file')} onChange={(event) => void choose(event)} />
        </div>
      )}
      <div role="alert">
        {unreadable && <p className="dk-room-fault">{say('photo.unreadable')}</p>}
        {fault && !unreadable && photo === null && <p className="dk-room-fault">{say('photo.missing')}</p>}
      </div>
    </section>
  );
}

/** Live is the camera's picture until it is taken; the guard goes on looking through the same camera. */
function Live({ stream, onTaken, onCancel }: { stream: MediaStream; onTaken: (photo: Blob | null) => void; onCancel: () => void }) {
  const say = useTexts(roomTexts);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = stream;
    return () => {
      element.srcObject = null;
    };
  }, [stream]);
  async function take() {
    const element = video.current;
    if (element && element.videoWidth > 0) onTaken(await drawn(element, element.videoWidth, element.videoHeight));
  }
  return (
    <>
      <video ref={video} autoPlay muted playsInline aria-label={say('photo.live')} />
      <div className="dk-room-acts">
        <Button onClick={() => void take()}>{say('photo.take')}</Button>
        <Button variant="default" onClick={onCancel}>
          {say('photo.cancel')}
        </Button>
      </div>
    </>
  );
}

function Chosen({ photo, onRemove }: { photo: Blob; onRemove: () => void }) {
  const say = useTexts(roomTexts);
  const [address, setAddress] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(photo);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  return (
    <>
      {address !== '' && <img src={address} alt={say('photo.chosen')} />}
      <Button variant="default" size="compact-md" onClick={onRemove}>
        {say('photo.remove')}
      </Button>
    </>
  );
}
