import { useTexts } from '@sekisho/ui/language';
import type { AuditRow } from '../api/views';
import { kindTexts, loginTexts } from './kindTexts';

type KnownKind = keyof (typeof kindTexts)['messages'];
type LoginKind = keyof (typeof loginTexts)['messages'];

export function isKnown(kind: string): kind is KnownKind {
  return kind in kindTexts.messages;
}

/** useKind names a kind of event in words, or by its code when it has none. */
export function useKind(): (kind: string) => string {
  const say = useTexts(kindTexts);
  return (kind) => (isKnown(kind) ? say(kind) : kind);
}

/** useRowKind names what a row tells: its kind, and for a login whose it was. */
export function useRowKind(): (row: AuditRow) => string {
  const kind = useKind();
  const say = useTexts(loginTexts);
  return (row) => {
    const login = loginOf(row);
    return login ? say(login) : kind(row.kind);
  };
}

/** loginOf tells an operator's 本人認証 from a sign-in to the console; null for what is no login. */
export function loginOf({ kind, role, detail }: Pick<AuditRow, 'kind' | 'role' | 'detail'>): LoginKind | null {
  if (kind !== 'login.accepted' && kind !== 'login.refused') return null;
  if (detail['method'] === 'approved') return `approved.${kind}`;
  return role === 'operator' || detail['method'] === 'face' ? `face.${kind}` : `console.${kind}`;
}

/** knownKinds is the list to choose from. */
export const knownKinds = Object.keys(kindTexts.messages).filter(isKnown);

/** takenKinds are the acts by which something of the log or of sealed records leaves the house, as one choice. */
export const takenKinds = (['audit.exported', 'audit.rows_exported', 'report.made', 'report.downloaded', 'evidence.viewed'] satisfies KnownKind[]).join(',');
