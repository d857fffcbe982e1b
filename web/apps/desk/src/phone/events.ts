import { LineReplaced } from '@sekisho/wire/phone';

type Hearing<T> = { url: string; firstMessage: () => string; told: (what: T) => void };

/** hearReplaced listens for the word that a line lost its place. */
export function hearReplaced({ url, firstMessage, told }: Hearing<string>): () => void {
  return hearEvents({
    url,
    firstMessage,
    told(data) {
      const line = replacedIn(data);
      if (line !== '') told(line);
    },
  });
}

/** hearEvents listens on the desk's events; it comes back by itself until stop is called. */
export function hearEvents({ url, firstMessage, told }: Hearing<unknown>): () => void {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  function dial(): void {
    const s = new WebSocket(url);
    socket = s;
    s.onopen = () => s.send(firstMessage());
    s.onmessage = (event) => told(event.data);
    s.onclose = () => {
      if (!stopped) timer = setTimeout(dial, 3000);
    };
  }
  dial();
  return () => {
    stopped = true;
    clearTimeout(timer);
    socket?.close();
  };
}

/** replacedIn is the line that an event names; '' for every other event. */
export function replacedIn(data: unknown): string {
  if (typeof data !== 'string') return '';
  try {
    const parsed = LineReplaced.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data.data.line : '';
  } catch {
    return '';
  }
}
