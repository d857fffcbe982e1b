import { currentLanguage } from '@sekisho/ui/language';
import { createClient } from '@sekisho/wire/http';
import { Problem, ProblemError, ownProblem } from '@sekisho/wire/problem';
import { awake } from './awake';
import { homeBearer } from './home';

export const base = '/api/console/v1';

/** api is the console's door. The cookie goes along by itself; no script can read it. At an issued PC there is none, and this page's bearer goes instead. */
export const api = createClient({ base, language: currentLanguage, bearer: homeBearer });

/**
 * refreshed marks a request that nobody asked for. The door does not count it
 * as activity, so a page left open does not keep its session alive.
 */
export function refreshed(path: string): string {
  if (awake()) return path;
  return path + (path.includes('?') ? '&' : '?') + 'refresh=1';
}

/** fetched asks for what is no JSON; a refusal is thrown. */
export async function fetched(path: string): Promise<Response> {
  let response: Response;
  try {
    const bearer = homeBearer();
    const headers = { 'Accept-Language': currentLanguage(), ...(bearer === '' ? {} : { Authorization: `Bearer ${bearer}` }) };
    response = await fetch(base + path, { headers, cache: 'no-store', redirect: 'error' });
  } catch {
    throw new ProblemError(ownProblem('page.unreachable'));
  }
  if (!response.ok) {
    const parsed = Problem.safeParse(await response.json().catch(() => undefined));
    throw new ProblemError(parsed.success ? parsed.data : ownProblem('page.unreadable'));
  }
  return response;
}

/** download fetches a file and hands it to the browser to save. */
export async function download(path: string, name: string): Promise<void> {
  save(await (await fetched(path)).blob(), name);
}

/** save offers bytes as a file. */
export function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** query writes the parameters that are set, in order. */
export function query(path: string, values: { [name: string]: string | number | undefined }): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}
