import { describe, expect, test } from 'vitest';
import { hints, poses } from '@sekisho/wire/local';
import { states } from '@sekisho/wire/states';
import { blackWords } from './blackWords';
import { faultOf } from './camera';
import { readEntry } from './entry';
import { quarantined, status, working } from './fixtures';
import { keyStatesOf } from './keyStates';
import { parse } from './link';
import type { CameraFault } from './seat';
import type { Say } from '@sekisho/ui/language';
import { uiTexts, type UiKey } from '@sekisho/ui/texts';
import type { Record } from '@sekisho/wire/desk';
import { isDetection, isWhole, recordWords, viewerName } from './recordWords';
import { deskTexts } from './texts';
import { workTexts, type WorkKey } from './workTexts';

describe('every state has its words', () => {
  test.each(states)('closed because of %s', (state) => {
    const words = blackWords({ kind: 'state', state });
    for (const key of [words.title, words.why, words.todo]) expect(key && workTexts.messages[key].ja).toBeTruthy();
  });
  test('a silent agent is a broken line; a page or camera that stopped is not', () => {
    for (const kind of ['agent', 'silent'] as const) expect(blackWords({ kind })).toMatchObject({ title: 'black.line', recorded: false });
    expect(blackWords({ kind: 'state', state: 'lost' })).toMatchObject({ title: 'black.lost', recorded: true });
  });
  test.each(hints.filter((h) => h !== ''))('hint %s', (hint) => expect(deskTexts.messages[`hint.${hint}`].ja).toBeTruthy());
  test.each(poses)('pose %s', (pose) => expect(deskTexts.messages[`pose.${pose}.do`].ja).toBeTruthy());
  test.each(['refused', 'none', 'busy', 'lost', 'engine', 'other'] satisfies CameraFault[])('camera %s', (why) => {
    expect(deskTexts.messages[`camera.${why}.do`].ja).toBeTruthy();
  });
});

test.each([
  ['NotAllowedError', 'refused'],
  ['NotFoundError', 'none'],
  ['NotReadableError', 'busy'],
  ['TypeError', 'other'],
] as const)('camera error %s is %s', (name, why) => {
  const error = new Error();
  error.name = name;
  expect(faultOf(error)).toBe(why);
});

test('the fragment gives ticket and language, and nothing else does', () => {
  expect(readEntry('#ticket=abc&lang=en')).toEqual({ ticket: 'abc', language: 'en' });
  expect(readEntry('')).toEqual({ ticket: null, language: null });
  expect(readEntry('#ticket=')).toEqual({ ticket: null, language: null });
});

describe('what stands in the way is shown at its key', () => {
  const stopped = (code: string) => keyStatesOf({ ...working(), intent: false, status: { ...status, code } });
  test('the PC', () => expect(stopped('device.tpm_missing').device).toBe('stopped'));
  test('the line', () => expect(stopped('server.unreachable')).toEqual({ device: 'waiting', line: 'stopped', person: 'waiting' }));
  test('who sits at a shared PC', () => expect(stopped('shared.not_one')).toEqual({ device: 'done', line: 'done', person: 'stopped' }));
  test('a PC that is not in order stops at the PC, not at the person', () => {
    const problem = { type: '', status: 403, code: 'posture.refused', title: '', action: '' };
    const login = { step: 'failed', good: 0, needed: 5, pose: '', hint: '', challenge: '', problem } as const;
    expect(keyStatesOf({ ...quarantined(), login })).toEqual({ device: 'stopped', line: 'done', person: 'waiting' });
  });
  test.each(['permit.missing', 'tie.other_pc'])('%s stops at the PC, though its person was recognised', (code) => {
    const problem = { type: '', status: 403, code, title: '', action: '' };
    const login = { step: 'failed', good: 5, needed: 5, pose: '', hint: '', challenge: '', problem } as const;
    expect(keyStatesOf({ ...quarantined(), login })).toEqual({ device: 'stopped', line: 'done', person: 'done' });
  });
  test('all checked', () => expect(keyStatesOf(working())).toEqual({ device: 'done', line: 'done', person: 'done' }));
});

describe('自分の記録', () => {
  const say = ((key: keyof typeof workTexts.messages, values?: { [name: string]: string | number }) =>
    Object.entries(values ?? {}).reduce((text, [name, value]) => text.replace(`{{${name}}}`, String(value)), workTexts.messages[key].ja)) as Say<WorkKey>;
  const ui = ((key: UiKey, values?: { [name: string]: string | number }) =>
    Object.entries(values ?? {}).reduce((text, [name, value]) => text.replace(`{{${name}}}`, String(value)), uiTexts.messages[key].ja)) as Say<UiKey>;
  const row = (kind: string, more: Partial<Record> = {}): Record => ({ at: '', kind, incident: '', state: 'unknown', decision: '', pictures: 0, delete_at: null, viewer: '', note: '', ...more });

  test('a detection is named by its state, its note is the operator’s own', () => {
    expect(recordWords(row('incident.reported', { incident: 'i', state: 'covered' }), say, ui)).toMatchObject({ what: '検知: カメラが覆われています', note: 'records.note.objection' });
  });
  test('codes of the log are not shown as notes', () => {
    expect(recordWords(row('session.ended', { state: 'absent', note: 'lease.absent' }), say, ui)).toEqual({ what: '接続を終了（離席）', person: null, note: null });
  });
  test('an enrolment names its picture, and whoever had it is named too', () => {
    expect(isWhole(row('face.enrolled', { pictures: 1 }))).toBe(true);
    expect(isDetection(row('evidence.viewed', { viewer: 'x (officer)' }))).toBe(true);
    expect(recordWords(row('evidence.held', { incident: 'i' }), say, ui)).toEqual({ what: '記録画像の削除を保留', person: 'records.holder', note: 'records.note.hold' });
    expect(recordWords(row('evidence.deleted', { incident: 'i' }), say, ui).what).toBe('記録画像を削除');
  });
  test('what is not known yet is shown all the same', () => {
    expect(recordWords(row('shift.swapped'), say, ui).what).toContain('shift.swapped');
  });
  test('roles are in the page’s language', () => {
    expect(viewerName('見本 次郎 (officer)', ui)).toBe('見本 次郎（情報セキュリティ責任者）');
    expect(viewerName('見本 次郎', ui)).toBe('見本 次郎');
  });
});

describe('messages of the agent', () => {
  const verdict = { state: 'present', since_ms: 1, frame_id: 1, screen: 'open', countdown: 0, interval_ms: 160, hint: '' };
  test('a verdict is read', () => expect(parse(JSON.stringify({ type: 'verdict', verdict }))).toMatchObject({ type: 'verdict' }));
  test('a screen it does not know is black', () => {
    expect(parse(JSON.stringify({ type: 'verdict', verdict: { ...verdict, screen: 'half' } }))).toMatchObject({ verdict: { screen: 'black' } });
  });
  test('a state it does not know is unknown', () => {
    expect(parse(JSON.stringify({ type: 'verdict', verdict: { ...verdict, state: 'fine' } }))).toMatchObject({ verdict: { state: 'unknown' } });
  });
  test.each(['', '{', 'null', '{"type":"open"}', '{"type":"verdict"}', JSON.stringify({ type: 'verdict', verdict: { ...verdict, interval_ms: 'soon' } })])('%s is dropped', (text) => {
    expect(parse(text)).toBeNull();
  });
  test('bytes are dropped', () => expect(parse(new ArrayBuffer(4))).toBeNull());
});
