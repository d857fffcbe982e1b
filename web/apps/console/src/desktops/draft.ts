import { plain } from '@sekisho/ui/ime';
import type { Desktop, Level } from '../api/views';

export type Draft = { name: string; host: string; port: string; level: Level; secret: string };

export const emptyDraft: Draft = { name: '', host: '', port: '5900', level: 'full', secret: '' };

export function draftOf({ name, host, port, level }: Desktop): Draft {
  return { name, host, port: String(port), level, secret: '' };
}

export type DraftFault = 'missing.name' | 'missing.host' | 'missing.port';

// A host name by RFC 1123, or an address; what stands here is dialled by the server.
const host = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|[0-9A-Fa-f:]+)$/;

export function faultsOf(draft: Draft): DraftFault[] {
  const faults: DraftFault[] = [];
  if (plain(draft.name) === '') faults.push('missing.name');
  if (!host.test(plain(draft.host)) || plain(draft.host).length > 253) faults.push('missing.host');
  const port = Number(plain(draft.port));
  if (!Number.isInteger(port) || port < 1 || port > 65535) faults.push('missing.port');
  return faults;
}

type Sent = { name: string; host: string; port: number; secret?: string };

/** sent is what goes to the door beside the level. The secret goes only if one was typed, and exactly as typed. */
export function sent(draft: Draft): Sent {
  return {
    name: plain(draft.name),
    host: plain(draft.host),
    port: Number(plain(draft.port)),
    ...(draft.secret === '' ? {} : { secret: draft.secret }),
  };
}

/** isTouched says whether anything but the level is to change. */
export function isTouched(draft: Draft, before: Desktop): boolean {
  const next = sent(draft);
  return next.name !== before.name || next.host !== before.host || next.port !== before.port || next.secret !== undefined;
}
