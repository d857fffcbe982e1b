import type { Say } from '@sekisho/ui/language';
import { stateKey } from '@sekisho/ui/stateLook';
import type { UiKey } from '@sekisho/ui/texts';
import type { Record } from '@sekisho/wire/desk';
import { roles } from '@sekisho/wire/states';
import type { WorkKey } from './workTexts';

/** The kinds of rows that 自分の記録 holds, as the audit log names them. */
const kinds = [
  'session.opened', 'session.ended', 'login.accepted', 'login.refused', 'desktop.reached', 'desktop.refused',
  'consent.given', 'consent.refused', 'consent.withdrawn', 'face.enrolled', 'face.refused', 'face.deleted', 'face.locked',
  'face.cleared', 'approval.asked', 'passkey.registered', 'person.suspended', 'person.resumed',
  'readiness.checked', 'readiness.accepted', 'readiness.returned', 'readiness.photo_deleted',
  'password.set', 'password.locked', 'password.unlocked', 'password.deleted',
  'evidence.deleted', 'evidence.missing', 'evidence.late', 'posture.changed', 'posture.refused',
] as const;

/** isDetection says whether a row is about a detection or sealed pictures: the event, its decision, who had them. */
export function isDetection(row: Record): boolean {
  return row.incident !== '' || row.kind.startsWith('evidence.') || row.kind === 'readiness.photo_viewed';
}

/** isWhole says whether a row has more to say than its heading: a detection, and the picture of an enrolment. */
export function isWhole(row: Record): boolean {
  return isDetection(row) || row.kind === 'face.enrolled';
}

/** RecordWords name one row: its heading, whose name stands in it, and what its note is. */
export type RecordWords = { what: string; person: WorkKey | null; note: WorkKey | null };

/** recordWords puts a row into words. Notes of other rows are codes for the log and are not shown. */
export function recordWords(row: Record, say: Say<WorkKey>, ui: Say<UiKey>): RecordWords {
  switch (row.kind) {
    case 'incident.reported':
      return { what: say('records.seen', { state: ui(stateKey(row.state)) }), person: null, note: 'records.note.objection' };
    case 'incident.decided':
      return { what: say('records.decided', { decision: ui(`decision.${row.decision === '' ? 'none' : row.decision}`) }), person: 'records.decider', note: 'records.note.decision' };
    case 'incident.objected':
      return { what: say('records.objected'), person: null, note: 'records.note.objection' };
    case 'evidence.held':
    case 'evidence.released':
      return { what: say(`records.${row.kind}`), person: 'records.holder', note: 'records.note.hold' };
    case 'readiness.photo_viewed':
      return { what: say('records.readiness.photo_viewed'), person: 'records.viewer', note: null };
    case 'evidence.viewed':
      return { what: say('records.viewed'), person: 'records.viewer', note: 'records.note.view' };
  }
  const known = kinds.find((kind) => kind === row.kind);
  if (!known) return { what: say('records.other', { kind: row.kind }), person: null, note: null };
  const what = say(`records.${known}`);
  const ended = known === 'session.ended' && row.state !== 'unknown' && row.state !== 'present';
  return { what: ended ? say('records.ended.because', { what, state: ui(stateKey(row.state)) }) : what, person: null, note: null };
}

/** viewerName puts the role behind a name into the page's language. */
export function viewerName(viewer: string, ui: Say<UiKey>): string {
  const role = roles.find((r) => viewer.endsWith(` (${r})`));
  return role ? ui('person.role', { name: viewer.slice(0, -role.length - 3), role: ui(`role.${role}`) }) : viewer;
}
