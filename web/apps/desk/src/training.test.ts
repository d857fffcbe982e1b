import { describe, expect, test } from 'vitest';
import type { Training } from '@sekisho/wire/training';
import { after, me, quarantined, stream } from './fixtures';
import { openOf } from './parts/TrainingList';
import { cameraWanted, loginDue, stepOf } from './rules';

const missing = (...what: string[]) => after(quarantined(), { type: 'me', me: { ...me, missing: what } });

describe('training stands before every way in', () => {
  test('by face', () => expect(stepOf(missing('training'))).toBe('training'));
  test('by approval', () => expect(stepOf(after(missing('training'), { type: 'byApproval' }))).toBe('training'));
  test('for whom no face is used', () => {
    const seat = after(quarantined(), { type: 'me', me: { ...me, missing: ['training'], person: { ...me.person, face_usable: false } } });
    expect(stepOf(seat)).toBe('training');
  });
  test('consent and face come first', () => {
    expect(stepOf(missing('consent', 'face', 'training'))).toBe('consent');
    expect(stepOf(missing('face', 'training'))).toBe('face');
  });
  test('without the camera, and no login is asked for', () => {
    const seat = after(missing('training'), { type: 'camera', camera: { kind: 'on', stream } }, { type: 'attempt', attempt: 'due' });
    expect(cameraWanted(seat)).toBe(false);
    expect(loginDue(seat)).toBe(false);
  });
  test('and then straight on', () => {
    const done = after(missing('training'), { type: 'me', me: null }, { type: 'me', me }, { type: 'camera', camera: { kind: 'on', stream } });
    expect(stepOf(done)).toBe('login');
    expect(loginDue(done)).toBe(true);
  });
});

test('what is to do is what is open, or due again soon', () => {
  const course = { id: 'home', title: { ja: '題', en: 't' }, questions: 1, pass_percent: 80, pause_s: 0, done: true, soon: false, until: null, due: null, retry_at: null, attempt: null };
  const document = { id: 'policy', level: 'policy' as const, title: { ja: '題', en: 't' }, version: 1, required: true, done: null, due: null };
  const all: Training = {
    courses: [course, { ...course, done: false }, { ...course, soon: true }],
    documents: [document, { ...document, done: '2026-11-22T00:00:00Z' }, { ...document, required: false }],
  };
  expect(openOf(all)).toBe(3);
});
