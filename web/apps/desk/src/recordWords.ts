import type { Say } from '@sekisho/ui/language';
import { stateKey } from '@sekisho/ui/stateLook';
import type { UiKey } from '@sekisho/ui/texts';
import type { Record } from '@sekisho/wire/desk';
import type { WorkKey } from './workTexts';

const kinds: { [kind: string]: WorkKey } = {
  'session.opened': 'records.session',
  'session.ended': 'records.ended',
  'session.closed': 'records.ended',
  'consent.accepted': 'records.consent',
  'consent.refused': 'records.consent',
  'consent.answered': 'records.consent',
  'face.enrolled': 'records.face',
  'faces.enrolled': 'records.face',
};

/** recordWords names a row of 自分の記録: by what it holds first, then by its kind in the audit log. */
export function recordWords(row: Record, say: Say<WorkKey>, ui: Say<UiKey>): string {
  const known = kinds[row.kind];
  if (known) return say(known);
  if (/view|download|open/.test(row.kind) && row.viewer !== '') return say('records.viewed');
  if (/decid/.test(row.kind) && row.decision !== '') return say('records.decided', { decision: ui(`decision.${row.decision}`) });
  if (row.incident !== '' && row.state !== 'unknown') return say('records.seen', { state: ui(stateKey(row.state)) });
  return say('records.other', { kind: row.kind });
}
