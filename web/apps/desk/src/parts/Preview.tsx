import { EyeIcon, LockIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { useEffect, useRef, type ReactNode } from 'react';
import { useSeat } from '../place';
import { deskTexts } from '../texts';

export type PreviewProps = {
  /** good of needed frames or poses are drawn as a ring around the picture. */
  good?: number;
  needed?: number;
  /** over is drawn upon the picture: an arrow, a tick. */
  over?: ReactNode;
  small?: boolean;
  /** seenBy is the witness to whom the pictures are shown just now. */
  seenBy?: string;
};

/** Preview is the operator's own picture, mirrored as people know themselves. */
export function Preview({ good = 0, needed = 0, over, small = false, seenBy = '' }: PreviewProps) {
  const say = useTexts(deskTexts);
  const { camera } = useSeat();
  const video = useRef<HTMLVideoElement>(null);
  const stream = camera.kind === 'on' ? camera.stream : null;
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = stream;
    return () => {
      element.srcObject = null;
    };
  }, [stream]);
  return (
    <figure className={small ? 'dk-preview dk-preview-small' : 'dk-preview'}>
      <div className="dk-preview-frame">
        <video ref={video} autoPlay muted playsInline aria-label={say('preview.label')} />
        <Oval part={needed > 0 ? Math.min(1, good / needed) : 0} />
        {over && <div className="dk-preview-over">{over}</div>}
        {stream === null && <p className="dk-preview-wait">{say(camera.kind === 'off' ? 'camera.off' : 'camera.starting')}</p>}
      </div>
      {!small && (
        <figcaption>
          {seenBy === '' ? <LockIcon size={15} /> : <EyeIcon size={15} />}
          {seenBy === '' ? say('preview.local') : say('preview.seen', { name: seenBy })}
        </figcaption>
      )}
    </figure>
  );
}

// From the top, clockwise.
const oval = 'M80 14a33 44 0 1 1 0 88a33 44 0 1 1 0 -88';

// The oval is where the face belongs; it fills as the frames count.
function Oval({ part }: { part: number }) {
  return (
    <svg className="dk-oval" viewBox="0 0 160 120" aria-hidden="true">
      <path d={oval} className="dk-oval-track" />
      {part > 0 && <path d={oval} className="dk-oval-fill" pathLength={100} strokeDasharray={`${part * 100} 200`} />}
    </svg>
  );
}
