import type { ShiftList, Shifts } from '../src/api/shiftQueries';

const weekdays = (hours: string) => ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => ({ day, hours }));

/** shifts are invented people's. */
export const shifts: Omit<Shifts, 'page'> = {
  rules: { version: 2, home: true, office: false, before: 15, after: 15, zone: 'Asia/Tokyo' },
  people: [
    { id: '0198f000-0000-7000-8000-000000000a01', name: '見本 花子', kana: 'ミホン ハナコ', days: [...weekdays('09:00-12:00 13:00-18:00'), { day: '2026-12-31', hours: '' }], now: '2026-11-22T09:15:00Z' },
    { id: '0198f000-0000-7000-8000-000000000a02', name: '架空 太郎', kana: 'カクウ タロウ', days: [...weekdays('22:00-06:00'), { day: 'sat', hours: '09:00-13:00' }], now: null },
    { id: '0198f000-0000-7000-8000-000000000a03', name: '例示 さくら', kana: 'レイジ サクラ', days: [], now: null },
  ],
};

/** shiftList is a list with a row that cannot be taken. */
export const shiftList: ShiftList = {
  encoding: 'utf-8',
  seen: 'a'.repeat(64),
  changed: 1,
  unchanged: 1,
  refused: 1,
  rows: [
    { line: 2, login: 'mihon-01', day: 'mon', before: '09:00-18:00', after: '09:00-18:00', fate: 'unchanged', faults: [] },
    { line: 3, login: 'mihon-01', day: 'tue', before: '', after: '10:00-19:00', fate: 'changed', faults: [] },
    {
      line: 4,
      login: 'mihon-09',
      day: 'mon',
      before: '',
      after: '',
      fate: 'refused',
      faults: [{ field: 'login', code: 'list.unknown_login', title: 'このログインIDは登録されていません。', action: 'ログインIDを確かめてください。', line: 0 }],
    },
  ],
};
