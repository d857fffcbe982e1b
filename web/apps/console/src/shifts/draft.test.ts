import { expect, test } from 'vitest';
import { daysOf, draftOf } from './draft';

const days = [
  { day: 'mon', hours: '09:00-18:00' },
  { day: '2026-12-31', hours: '' },
  { day: '2027-01-04', hours: '10:00-15:00' },
];

test('a shift is typed as it is shown', () => {
  expect(daysOf(draftOf(days))).toEqual(days);
});

test('full-width is read, and a line without a date is not', () => {
  const draft = draftOf([]);
  expect(daysOf({ ...draft, days: { ...draft.days, tue: '０９:００-１８:００' }, dates: '２０２６-12-31\n\n' })).toEqual([
    { day: 'tue', hours: '09:00-18:00' },
    { day: '2026-12-31', hours: '' },
  ]);
  expect(daysOf({ ...draft, dates: '大晦日 休み' })).toBeNull();
});
