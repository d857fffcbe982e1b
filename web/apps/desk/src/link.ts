import { AgentMessage, type PageMessage } from '@sekisho/wire/local';

// The guard socket: one JSON message a line of talk, "picture" and "screen"
// followed by their JPEG. It is opened once and comes back by itself.

/** Beat is how often the page says that it can still close its screen. */
export const beatMS = 250;

/** The agent closes with this status when it means it (RFC 6455 §7.4.1: policy violation). */
const policyViolation = 1008;

const retryMS = [300, 700, 1500, 3000];

export type LinkHandlers = {
  open(): void;
  /** closed: the socket broke and is dialled again. */
  closed(): void;
  /** ended: the agent does not want this page any more, and says why with a code. */
  ended(code: string): void;
  message(message: AgentMessage): void;
};

export type Link = {
  send(message: PageMessage): void;
  /** sendWith sends a message and its picture back to back, so that nothing comes between them. */
  sendWith(message: PageMessage, jpeg: Blob): Promise<void>;
  close(): void;
};

export type LinkOptions = { url: string; bearer: string; language: () => string; handlers: LinkHandlers };

/** openLink opens the guard socket and keeps it open until close is called. */
export function openLink({ url, bearer, language, handlers }: LinkOptions): Link {
  let socket: WebSocket | null = null;
  let beat: ReturnType<typeof setInterval> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let finished = false;

  let beaten = 0;
  const send = (message: PageMessage) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  // A frame comes from the worker through this thread, so it is a sign of life
  // too: the timer alone may be late on a busy machine.
  const alive = () => {
    const now = performance.now();
    if (now - beaten < beatMS / 2) return;
    beaten = now;
    send({ type: 'alive' });
  };

  function dial(): void {
    const s = new WebSocket(url);
    socket = s;
    s.onopen = () => {
      send({ type: 'hello', bearer, language: language() });
      beat = setInterval(alive, beatMS);
      tries = 0;
      handlers.open();
    };
    s.onmessage = (event) => {
      const message = parse(event.data);
      if (message) handlers.message(message);
    };
    s.onclose = (event) => {
      if (socket !== s) return;
      clearInterval(beat);
      socket = null;
      if (event.code === policyViolation && event.reason.startsWith('local.')) {
        finished = true;
        return handlers.ended(event.reason);
      }
      handlers.closed();
      if (finished) return;
      retry = setTimeout(dial, retryMS[Math.min(tries++, retryMS.length - 1)]);
    };
  }

  dial();
  return {
    send(message) {
      send(message);
      if (message.type === 'frame') alive();
    },
    async sendWith(message, jpeg) {
      const bytes = await jpeg.arrayBuffer();
      if (socket?.readyState !== WebSocket.OPEN) return;
      socket.send(JSON.stringify(message));
      socket.send(bytes);
    },
    close() {
      finished = true;
      clearTimeout(retry);
      clearInterval(beat);
      socket?.close();
    },
  };
}

/** parse reads one message of the agent; what does not fit is dropped, since no message opens anything by being absent. */
export function parse(data: unknown): AgentMessage | null {
  if (typeof data !== 'string') return null;
  try {
    const parsed = AgentMessage.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
