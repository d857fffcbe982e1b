import { expect, test } from 'vitest';
import { draftOf, emptyDraft, faultsOf, minute, sent } from './draft';
import { trunks } from '../../test/telephoneAnswers';
import { Trunks } from '../api/telephoneQueries';

const one = Trunks.parse(trunks).trunks[0]!;

test('what is shown is sent again as it was, without a password', () => {
  const { name, kind, host, port, transport, security, user, allow, max_calls, out } = one;
  expect(faultsOf(draftOf(one), one)).toEqual([]);
  expect(sent(draftOf(one))).toEqual({ name, kind, host, port, transport, security, user, allow, max_calls, out });
});

test('a new trunk lets nothing out, and says what is missing', () => {
  expect(faultsOf(emptyDraft, null)).toEqual(['name', 'host', 'user', 'allow']);
  expect(sent(emptyDraft).out.max_calls).toBe(0);
});

test('another host needs the password again', () => {
  expect(faultsOf({ ...draftOf(one), host: 'elsewhere.example' }, one)).toEqual(['secret']);
  expect(faultsOf({ ...draftOf(one), host: 'elsewhere.example', secret: 'x' }, one)).toEqual([]);
});

test('encrypted sound needs TLS', () => {
  expect(faultsOf({ ...draftOf(one), transport: 'udp', secret: 'x' }, one)).toEqual(['security']);
});

test('times of a day', () => {
  expect(['09:00', '９:30', '24:00', '24:01', '9', '12:60'].map(minute)).toEqual([540, 570, 1440, null, null, null]);
});
