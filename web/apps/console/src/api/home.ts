import { LocalBearer } from '@sekisho/wire/local';
import { createClient } from '@sekisho/wire/http';
import { currentLanguage } from '@sekisho/ui/language';

// At an issued PC the console stands in a frame of the desk, under /console/ of
// the PC's own origin. Its authority is a bearer in this page's memory, got for a
// one-use ticket that the desk put into the address; no cookie says anything there.

let held = '';

/** homeBearer is this page's bearer, or '' at the console's own address. */
export function homeBearer(): string {
  return held;
}

/** Entry is what the desk put into the frame's address. */
export type Entry = { ticket: string; language: string | null };

/** entryOf reads the address of a frame of the desk; null at the console's own address. */
export function entryOf(place: { pathname: string; hash: string }): Entry | null {
  if (!place.pathname.startsWith('/console/')) return null;
  const params = new URLSearchParams(place.hash.replace(/^#/, ''));
  return { ticket: params.get('ticket') ?? '', language: params.get('lang') };
}

/** enterHome wipes the ticket from the address and trades it in. Without a bearer the door refuses, and says what to do. */
export async function enterHome(entry: Entry, history: Pick<History, 'replaceState'>): Promise<void> {
  history.replaceState(null, '', './');
  const local = createClient({ base: '/local/v1/', language: currentLanguage });
  held = (await local.ask('POST', 'console/bearer', LocalBearer, { ticket: entry.ticket }).catch(() => ({ bearer: '' }))).bearer;
}
