import { problemOf, type Problem } from '@sekisho/wire/problem';
import { Witnessing, type WitnessPicture } from '@sekisho/wire/witness';
import { useEffect, useState } from 'react';
import { useSeat, useWorkplace } from './place';

/** Three pictures in a second: the server takes five, and other requests of this PC need their share. */
const everyMS = 334;

/** The server takes 640 pixels and 40 KiB; a busy picture is encoded more coarsely until it fits. */
const maxWidth = 640;
const maxHeight = 640;
const maxBytes = 40 << 10;
const qualities = [0.6, 0.4, 0.2];

export type Showing = { witnessing: Witnessing | null; problem: Problem | null };

/** useShowing shows the camera to the witness of an enrolment, picture by picture, while it is used. */
export function useShowing(approval: string, run: string | null): Showing {
  const workplace = useWorkplace();
  const { camera } = useSeat();
  const [showing, setShowing] = useState<Showing>({ witnessing: null, problem: null });
  const stream = camera.kind === 'on' ? camera.stream : null;
  const over = showing.witnessing?.state === 'ended' || showing.witnessing?.state === 'refused' || showing.witnessing?.state === 'confirmed';

  useEffect(() => {
    if (run === null || stream === null || over) return;
    const stop = new AbortController();
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    void video.play().catch(() => undefined); // without a picture nothing is sent, and the server ends the case
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      pictureOf(video)
        .then((picture) => (picture === null ? null : workplace.desk.ask('POST', `witness/${approval}/pictures`, Witnessing, { run, picture } satisfies WitnessPicture, stop.signal)))
        .then(
          (witnessing) => witnessing && setShowing({ witnessing, problem: null }),
          (thrown: unknown) => {
            if (!stop.signal.aborted) setShowing((before) => ({ ...before, problem: problemOf(thrown) }));
          },
        )
        .finally(() => {
          busy = false;
        });
    }, everyMS);
    return () => {
      stop.abort();
      clearInterval(timer);
      video.srcObject = null;
    };
  }, [workplace, approval, run, stream, over]);

  return showing;
}

/** pictureOf is what the camera shows now, in base64url; null before its first picture. */
async function pictureOf(video: HTMLVideoElement): Promise<string | null> {
  if (video.videoWidth === 0 || video.videoHeight === 0) return null;
  const scale = Math.min(1, maxWidth / video.videoWidth, maxHeight / video.videoHeight);
  const canvas = new OffscreenCanvas(Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale));
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  for (const quality of qualities) {
    const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality });
    if (jpeg.size <= maxBytes) return base64url(new Uint8Array(await jpeg.arrayBuffer()));
  }
  return null;
}

function base64url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
