import type { Approval } from '../api/views';

const kinds: Approval['kind'][] = ['approved_session', 'face_enrolment', 'passkey', 'invitation'];

/** byKind puts questions of one kind together, the oldest first: those of a shift's start lead. */
export function byKind(approvals: Approval[]): Approval[] {
  return [...approvals].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.asked ?? '').localeCompare(b.asked ?? ''));
}

/** bulkFrom are the questions that may be approved together. */
export function bulkFrom(approvals: Approval[]): Approval[] {
  return byKind(approvals).filter((one) => one.kind === 'approved_session' && one.state === 'waiting');
}
