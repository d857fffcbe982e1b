import RFB from '@novnc/novnc';

export type StreamHandlers = {
  /** drawn: the desktop's first picture is on the canvas. */
  drawn(): void;
  lost(): void;
  /** left: the keyboard was given back to the page. */
  left(): void;
};

export type DesktopStream = {
  canvas(): HTMLCanvasElement | null;
  enter(): void;
  ctrlAltDel(): void;
  close(): void;
};

export type StreamOptions = { target: HTMLElement; url: string; firstMessage: string; label: string; handlers: StreamHandlers };

/** firstPictureMS: the gateway gives both handshakes ten seconds; a stream that shows nothing for longer is opened anew. */
const firstPictureMS = 12_000;

/**
 * openStream opens the desktop's WebSocket, authenticates with its first
 * message and hands it to noVNC. The gateway speaks RFB without a password and
 * without a clipboard; the page neither reads nor writes one.
 */
export function openStream({ target, url, firstMessage, label, handlers }: StreamOptions): DesktopStream {
  const socket = new WebSocket(url, ['binary']);
  socket.binaryType = 'arraybuffer';
  let rfb: RFB | null = null;
  let closed = false;
  let release = () => {};

  const lost = () => {
    if (!closed) handlers.lost();
  };
  const patience = setTimeout(lost, firstPictureMS);
  const drawn = () => {
    clearTimeout(patience);
    handlers.drawn();
  };
  socket.onerror = lost;
  socket.onclose = lost;
  socket.onopen = () => {
    if (closed) return socket.close();
    socket.send(firstMessage);
    rfb = new RFB(target, socket, { shared: true });
    rfb.scaleViewport = true;
    rfb.background = 'transparent';
    rfb.addEventListener('disconnect', () => {
      rfb = null; // it has taken itself apart
      lost();
    });
    rfb.addEventListener('securityfailure', lost);
    release = prepareCanvas(target, label, { ...handlers, drawn });
  };

  return {
    canvas: () => target.querySelector('canvas'),
    enter: () => rfb?.focus({ preventScroll: true }),
    ctrlAltDel: () => rfb?.sendCtrlAltDel(),
    close() {
      closed = true;
      clearTimeout(patience);
      release();
      rfb?.disconnect();
      if (!rfb) socket.close();
    },
  };
}

/** prepareCanvas names the canvas, lets the keyboard out of it, and watches for the first picture. */
function prepareCanvas(target: HTMLElement, label: string, handlers: StreamHandlers): () => void {
  const canvas = target.querySelector('canvas');
  if (!canvas) return () => {};
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', label);

  // Every key goes to the desktop, Tab too; this chord is the way out (WCAG 2.1.2).
  const onKey = (event: KeyboardEvent) => {
    const chord = event.ctrlKey && event.altKey && event.shiftKey && ['Control', 'Alt', 'Shift'].includes(event.key);
    if (!chord) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    canvas.blur();
    handlers.left();
  };
  // noVNC lets go of keys that are still down when the window loses the focus;
  // losing it to another part of the page is the same for the desktop.
  const onBlur = () => window.dispatchEvent(new Event('blur'));
  target.addEventListener('keydown', onKey, { capture: true });
  canvas.addEventListener('blur', onBlur);

  let frame = 0;
  const probe = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const look = () => {
    if (isDrawn(canvas, probe)) {
      performance.mark('sekisho:drawn');
      handlers.drawn();
      return;
    }
    frame = requestAnimationFrame(look);
  };
  frame = requestAnimationFrame(look);

  return () => {
    cancelAnimationFrame(frame);
    target.removeEventListener('keydown', onKey, { capture: true });
    canvas.removeEventListener('blur', onBlur);
  };
}

/** isDrawn: noVNC's canvas is transparent until the first update is drawn on it. One pixel is copied out and read there. */
function isDrawn(canvas: HTMLCanvasElement, probe: OffscreenCanvasRenderingContext2D | null): boolean {
  if (!probe || canvas.width === 0 || canvas.height === 0) return false;
  probe.drawImage(canvas, canvas.width >> 1, canvas.height >> 1, 1, 1, 0, 0, 1, 1);
  return (probe.getImageData(0, 0, 1, 1).data[3] ?? 0) > 0;
}
