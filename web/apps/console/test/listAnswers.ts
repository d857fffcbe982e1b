import type { LoanRow } from '../src/api/loanViews';
import type { Shifts } from '../src/api/shiftQueries';
import { deviceStates, groups, type Device, type Person, type Seat } from '../src/api/views';
import { states, type Trained, type TrainingRules } from '../src/training/views';
import type { Recorded, Reply } from './harness';

// Lists as the door answers them: pages of what the words and filters leave.

type List<Row> = {
  field: string;
  rows: Row[];
  texts: (row: Row) => string[];
  /** part is the parameter by which the list is divided. */
  part?: string;
  parts?: readonly string[];
  in?: (row: Row, part: string) => boolean;
  only?: { [parameter: string]: (row: Row, value: string) => boolean };
  beside?: object;
};

const fold = (text: string) => text.normalize('NFKC').toLowerCase();

function pages<Row>(list: List<Row>): Reply {
  return (asked: URLSearchParams): Recorded => {
    const words = fold(asked.get('q') ?? '').split(/\s+/).filter(Boolean);
    const only = Object.entries(list.only ?? {}).filter(([name]) => asked.has(name));
    const all = list.rows.filter((row) => only.every(([name, fits]) => fits(row, asked.get(name) ?? '')));
    const worded = all.filter((row) => words.every((word) => list.texts(row).some((text) => fold(text).includes(word))));
    const part = asked.get(list.part ?? '') ?? '';
    const found = part === '' ? worded : worded.filter((row) => list.in?.(row, part));
    const limit = Number(asked.get('limit') ?? 100);
    const offset = Math.min(Number(asked.get('offset') ?? 0), Math.max(0, Math.floor((found.length - 1) / limit) * limit));
    const counts = Object.fromEntries((list.parts ?? []).map((one) => [one, worded.filter((row) => list.in?.(row, one)).length]));
    const page = { offset, limit, found: found.length, all: all.length, counts };
    return { body: { ...list.beside, page, [list.field]: found.slice(offset, offset + limit) } };
  };
}

export const floorOf = (now: string, seats: Seat[]): Reply =>
  pages({
    field: 'seats',
    rows: seats.toSorted((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group) || (a.since ?? '9').localeCompare(b.since ?? '9')),
    texts: (one) => [one.name, one.asset_tag],
    part: 'group',
    parts: groups,
    in: (one, group) => one.group === group,
    only: { device: (one, id) => one.device === id },
    beside: { now },
  });

const ended = (state: string) => state === 'returned' || state === 'revoked';

export const devicesOf = (devices: Device[]): Reply =>
  pages({
    field: 'devices',
    rows: devices,
    texts: (one) => [one.asset_tag, one.model, one.person_name, one.hostname],
    part: 'state',
    parts: deviceStates,
    in: (one, state) => one.state === state || (state === 'standing' && !ended(one.state)),
    only: { person: (one, id) => one.person === id, place: (one, place) => one.place === place },
  });

export const peopleOf = (people: Person[]): Reply =>
  pages({
    field: 'people',
    rows: people,
    texts: (one) => [one.name, one.kana, one.login, one.agency],
    part: 'role',
    parts: ['operator', 'supervisor', 'administrator', 'officer', 'auditor'],
    in: (one, role) => one.roles.some((held) => held === role),
    only: { id: (one, id) => one.id === id, active: (one) => one.active },
  });

export const loanListOf = (loans: LoanRow[]): Reply =>
  pages({
    field: 'loans',
    rows: loans,
    texts: (one) => [one.asset_tag, one.model, one.person_name],
    part: 'show',
    parts: ['out', 'unpermitted', 'received'],
    in: (one, show) => !ended(one.state) && (show === 'out' || (show === 'received' ? one.code_held : one.place === 'home' && one.permit?.state !== 'now')),
  });

export const shiftsOf = ({ rules, people }: Omit<Shifts, 'page'>): Reply => pages({ field: 'people', rows: people, texts: (one) => [one.name, one.kana], beside: { rules } });

export const trainingOf = (now: string, rules: TrainingRules, people: Trained[]): Reply =>
  pages({
    field: 'people',
    rows: people.toSorted((a, b) => states.indexOf(b.state) - states.indexOf(a.state)),
    texts: (one) => [one.name, one.kana],
    part: 'state',
    parts: states,
    in: (one, state) => one.state === state,
    beside: { now, rules },
  });
