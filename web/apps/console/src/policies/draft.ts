import { plain } from '@sekisho/ui/ime';
import type { GuardPolicy } from '../api/views';

/** Draft is a policy as the form holds it: times as they are typed, in seconds. */
export type Draft = {
  name: string;
  version: number; // the one that was seen; 0 for a new name
  place: 'home' | 'office';
  onlooker: boolean;
  absent: string;
  reentry: 'standard' | 'strict';
  lock_os: boolean;
  allow_software: boolean;
  confirm: string;
};

export const emptyDraft: Draft = {
  name: '',
  version: 0,
  place: 'home',
  onlooker: true,
  absent: '10',
  reentry: 'strict',
  lock_os: true,
  allow_software: false,
  confirm: '60',
};

export function draftOf(policy: GuardPolicy): Draft {
  return {
    name: policy.name,
    version: policy.version,
    place: policy.place === 'office' ? 'office' : 'home',
    onlooker: policy.onlooker,
    absent: String(policy.absent_ms / 1000),
    reentry: policy.reentry === 'standard' ? 'standard' : 'strict',
    lock_os: policy.lock_os,
    allow_software: policy.allow_software,
    confirm: String(policy.confirm_every_s),
  };
}

export type DraftFault = 'fault.name' | 'fault.taken' | 'fault.absent' | 'fault.confirm';

/** Bounds as the room has them (policies.Validate), in seconds. */
export const bounds = { absent: { least: 5, most: 30 }, confirm: { least: 15, most: 300 } } as const;

const nameForm = /^[a-z][a-z0-9-]{0,31}$/;

function seconds(typed: string): number {
  const text = plain(typed);
  return /^\d{1,4}(\.\d)?$/.test(text) ? Number(text) : NaN;
}

/** faultsOf lists what is wrong; names are those that exist already. */
export function faultsOf(draft: Draft, names: readonly string[]): DraftFault[] {
  const faults: DraftFault[] = [];
  if (!nameForm.test(plain(draft.name))) faults.push('fault.name');
  if (draft.version === 0 && names.includes(plain(draft.name))) faults.push('fault.taken');
  const absent = seconds(draft.absent);
  if (!(absent >= bounds.absent.least && absent <= bounds.absent.most)) faults.push('fault.absent');
  const confirm = seconds(draft.confirm);
  if (!Number.isInteger(confirm) || (confirm !== 0 && (confirm < bounds.confirm.least || confirm > bounds.confirm.most))) faults.push('fault.confirm');
  return faults;
}

/** policyOf is what is sent. At home an onlooker always closes. */
export function policyOf(draft: Draft): GuardPolicy {
  return {
    name: plain(draft.name),
    version: draft.version,
    place: draft.place,
    onlooker: draft.place === 'home' || draft.onlooker,
    absent_ms: Math.round(seconds(draft.absent) * 1000),
    reentry: draft.reentry,
    lock_os: draft.lock_os,
    allow_software: draft.allow_software,
    confirm_every_s: seconds(draft.confirm),
  };
}
