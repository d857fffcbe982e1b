import type { AuditRow } from '../api/views';

/** Bundle is either one row outside any session, or the rows of one session. */
export type Bundle = { session: ''; rows: [AuditRow] } | { session: string; rows: AuditRow[] };

/**
 * bySession gathers the rows of each session where its newest row stands, so
 * that the list keeps its order and a session reads as one story.
 */
export function bySession(rows: readonly AuditRow[]): Bundle[] {
  const found = new Map<string, Bundle>();
  const bundles: Bundle[] = [];
  for (const row of rows) {
    const known = row.session === '' ? undefined : found.get(row.session);
    if (known) {
      known.rows.push(row);
      continue;
    }
    const bundle: Bundle = { session: row.session, rows: [row] };
    if (row.session !== '') found.set(row.session, bundle);
    bundles.push(bundle);
  }
  return bundles;
}

/** nameOf is whom or what an id stands for, or its beginning when nobody knows. */
export function nameOf(id: string, names: { [id: string]: string }): string {
  return names[id] ?? short(id);
}

/** short is the part of an id that tells it from others on a screen: UUIDv7 differ at their end. */
export function short(id: string): string {
  return id.length > 12 ? `…${id.slice(-8)}` : id;
}
