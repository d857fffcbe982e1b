import { Event } from '@sekisho/wire/desk';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { base } from '../api/client';
import { homeBearer } from '../api/home';
import { callKeys } from '../api/callQueries';
import { keys } from '../api/queries';
import { witnessKeys } from '../api/witnessQueries';

/** touches says what to ask anew when something has changed. */
const touches: { [type: string]: readonly (readonly string[])[] } = {
  'floor.changed': [keys.floor],
  'approval.changed': [keys.approvals],
  'witness.changed': [keys.approvals, witnessKeys.old],
  'act.changed': [keys.acts],
  'disaster.changed': [keys.disaster],
  'incident.changed': [keys.incidents],
  'device.changed': [keys.devices],
  'readiness.changed': [keys.readiness],
  'audit.taken': [keys.newest],
  'calls.changed': [callKeys.board],
  'report.changed': [keys.reports, keys.newest],
};

const gather = 400; // ms: a storm of changes becomes one question
const firstWait = 1_000;
const longestWait = 20_000;
const signedOutCode = 4401;

/** useLive keeps the events socket open and says whether it is. */
export function useLive(): boolean {
  const client = useQueryClient();
  const [on, setOn] = useState(false);
  useEffect(() => listen(client, setOn), [client]);
  return on;
}

/** listen keeps the socket; the function it gives ends it. */
export function listen(client: QueryClient, setOn: (on: boolean) => void): () => void {
  let socket: WebSocket | null = null;
  let wait = firstWait;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  let seen = 0;
  const ask = gathered(client);

  function open() {
    seen = 0;
    socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${base}/events`);
    const bearer = homeBearer();
    // At an issued PC the first message says who asks: a WebSocket has no header of ours.
    if (bearer !== '') socket.onopen = () => socket?.send(JSON.stringify({ bearer }));
    socket.onmessage = (message) => {
      const event = read(message.data);
      if (event === null || event.seq !== seen + 1) return socket?.close(); // a gap: start over and ask for everything
      seen = event.seq;
      if (event.type === 'hello') {
        wait = firstWait;
        setOn(true);
        for (const all of Object.values(touches)) all.forEach(ask);
      }
      touches[event.type]?.forEach(ask);
    };
    socket.onclose = (closed) => {
      setOn(false);
      if (over) return;
      if (closed.code === signedOutCode) void client.invalidateQueries({ queryKey: keys.session });
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, longestWait);
    };
  }

  open();
  return () => {
    over = true;
    clearTimeout(timer);
    socket?.close();
  };
}

function gathered(client: QueryClient): (key: readonly string[]) => void {
  const waiting = new Set<string>();
  return (key) => {
    const name = key.join('/');
    if (waiting.has(name)) return;
    waiting.add(name);
    setTimeout(() => {
      waiting.delete(name);
      void client.invalidateQueries({ queryKey: key });
    }, gather);
  };
}

function read(data: unknown): Event | null {
  if (typeof data !== 'string') return null;
  try {
    return Event.parse(JSON.parse(data));
  } catch {
    return null;
  }
}
