import { expect, test } from 'vitest';
import { draftOf, faultsOf, settingsOf } from './draft';
import { queues } from '../../test/telephoneAnswers';
import { Queues } from '../api/telephoneQueries';

const around = Queues.parse(queues);
const one = around.queues[0]!;
const draft = draftOf(one.name, one.work, one.settings);

test('what is shown is sent again as it was', () => {
  expect(faultsOf(draft)).toEqual([]);
  expect(settingsOf(draft)).toEqual(one.settings);
});

test('a new queue has the standard settings and needs a name and a work', () => {
  expect(faultsOf(draftOf('', '', around.standard))).toEqual(['name', 'work']);
});

test('little goes home only where home takes calls', () => {
  expect(settingsOf({ ...draft, home: false }).home_little).toBe(false);
  expect(faultsOf({ ...draft, home: false, office: false })).toEqual(['places']);
});

test('later steps lower further', () => {
  const widen = [{ after: '60', lower: '3' }, { after: '120', lower: '2' }];
  expect(faultsOf({ ...draft, widen })).toEqual(['widen']);
});

test('announcements come every ten seconds at most', () => {
  expect(['0', '9', '10', '601', 'x'].map((tell_every) => faultsOf({ ...draft, tell_every }).length)).toEqual([0, 1, 0, 1, 1]);
});

test('a code that is needed needs codes and time', () => {
  expect(faultsOf({ ...draft, codes: '' })).toEqual(['codes']);
  expect(faultsOf({ ...draft, wrap_up: '0' })).toEqual(['codes']);
  expect(faultsOf({ ...draft, codes: '受注\n受注' })).toEqual(['codes']);
});
