import type { OldFace, WitnessCase } from '../src/api/witnessQueries';
import { photo } from './readinessAnswers';

/** An enrolment that is watched, invented. */
export const watched: WitnessCase = {
  id: '01901d3e-0000-7000-8000-0000000000aa',
  state: 'offered',
  reason: '',
  name: '例示 さくら',
  login: 'op-reiji',
  device: 'd-9',
  asset_tag: 'PC-209',
  replaces: 'PC-105',
  received: '2026-11-20T01:30:00Z',
  received_by: '見本 監督',
  request: { hand: 'right', fingers: 2, place: 'cheek' },
  old: 'given',
  offer: 'e'.repeat(64),
  digest: 'a'.repeat(64),
  seq: 1,
  picture: photo,
};

export const taken: WitnessCase = { ...watched, state: 'taken', request: null, old: 'none', replaces: '', received: null, received_by: '', digest: '', picture: '' };

export const oldFaces: OldFace[] = [
  { device: 'd-9', asset_tag: 'PC-209', name: '例示 さくら', own: false, picture: 'b'.repeat(64), witness: '見本 監督', mine: true, key: `BA${'k'.repeat(85)}`, mark: '1f3a-90bc-77d2-4e05-8b6c', asked: '2026-11-21T00:10:00Z', given: null },
  { device: 'd-10', asset_tag: 'PC-210', name: '架空 太郎', own: false, picture: 'c'.repeat(64), witness: '', mine: false, key: '', mark: '', asked: null, given: null },
];
