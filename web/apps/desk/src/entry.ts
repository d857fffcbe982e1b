/** Entry is what the agent put into the address when it opened this page. */
export type Entry = { ticket: string | null; language: string | null };

/** readEntry parses the fragment; a fragment never reaches a server or its log. */
export function readEntry(hash: string): Entry {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  return { ticket: params.get('ticket') || null, language: params.get('lang') };
}

/** takeEntry reads the fragment and wipes it, so that the ticket is in no history and no screenshot. */
export function takeEntry(): Entry {
  const entry = readEntry(window.location.hash);
  window.history.replaceState(null, '', window.location.pathname);
  return entry;
}
