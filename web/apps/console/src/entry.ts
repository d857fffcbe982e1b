// Links that people are given ("…/setup?token=…", "…/invitation#token=…") are
// turned into routes of this page. A route lives behind the #, so that neither
// a server nor its log ever sees the token of a link that is written that way.

type Place = { pathname: string; search: string; hash: string };

/** routeOf gives the hash route that an address stands for, or null when it is one already. */
export function routeOf(place: Place): string | null {
  const last = place.pathname.split('/').filter(Boolean).at(-1);
  if (last === 'oidc') return `#/oidc${back(place.search)}`;
  if (last !== 'setup' && last !== 'invitation' && last !== 'lost') return null;
  const token = new URLSearchParams(place.search).get('token') ?? new URLSearchParams(place.hash.replace(/^#\/?/, '')).get('token') ?? '';
  return `#/${last}${token === '' ? '' : `?${new URLSearchParams({ token }).toString()}`}`;
}

/** back keeps of what the identity provider sent what a sign-in is finished with. */
function back(search: string): string {
  const sent = new URLSearchParams(search);
  const kept = ['state', 'code', 'iss', 'error'].flatMap((name) => (sent.get(name) ? [[name, sent.get(name) ?? '']] : []));
  return kept.length === 0 ? '' : `?${new URLSearchParams(kept).toString()}`;
}

/** linkInHash rewrites the address once, before the router reads it. */
export function linkInHash(place: Place, history: Pick<History, 'replaceState'>): void {
  const route = routeOf(place);
  if (route !== null) history.replaceState(null, '', `./${route}`);
}
