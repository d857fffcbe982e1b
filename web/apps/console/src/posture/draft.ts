import { plain } from '@sekisho/ui/ime';
import type { PostureRules } from '../api/views';
import type { postureTexts } from './texts';

export const checks = [
  'disk_encryption', 'os_age', 'firewall', 'firewall_outbound', 'antivirus', 'screen_lock', 'usb_storage',
  'place', 'remote_control', 'screen_capture', 'virtual_camera', 'virtual_machine', 'agent_version',
] as const;
export type Check = (typeof checks)[number];
export const levels = ['close', 'warn', 'off'] as const;
export type Level = (typeof levels)[number];
export const platforms = ['windows', 'linux', 'darwin'] as const;

/** systemName is what a system is called in every language. */
export const systemName: { [platform in (typeof platforms)[number]]: string } = { windows: 'Windows', linux: 'Linux', darwin: 'macOS' };

export type DraftRule = { check: Check; level: Level; on: string[]; limit: string };
/** key keeps a place's fields together while others come and go. */
export type DraftPlace = { key: number; name: string; routers: string; around: string };

/** Draft is a policy's rules as the form holds them: lists as lines, numbers as they are typed. */
export type Draft = { policy: string; version: number; rules: DraftRule[]; agent: string; places: DraftPlace[] };

export function draftOf(rules: PostureRules): Draft {
  return {
    policy: rules.policy,
    version: rules.version,
    rules: checks.map((check) => {
      const rule = rules.rules.find((one) => one.check === check);
      return { check, level: rule?.level ?? 'close', on: rule?.on ?? [...platforms], limit: String(rule?.limit ?? 0) };
    }),
    agent: rules.agent,
    places: rules.places.map((place, key) => ({ key, name: place.name, routers: place.routers.join('\n'), around: place.around.join('\n') })),
  };
}

/** rulesOf is what is sent. */
export function rulesOf(draft: Draft): PostureRules {
  return {
    policy: draft.policy,
    version: draft.version,
    rules: draft.rules.map(({ check, level, on, limit }) => ({ check, level, on, limit: limited(check) ? Number(plain(limit)) : 0 })),
    agent: plain(draft.agent),
    places: draft.places.map(({ name, routers, around }) => ({ name: name.normalize('NFKC').trim(), routers: lines(routers), around: lines(around) })),
  };
}

/** limited says which checks have a number. */
export const limited = (check: string): check is 'os_age' | 'screen_lock' => check === 'os_age' || check === 'screen_lock';

export const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => plain(line))
    .filter((line) => line !== '');

type Fault = Extract<keyof (typeof postureTexts)['messages'], `fault.${string}`>;
export type Faults = { limit: { [check: string]: Fault }; agent: Fault | null; places: { [key: number]: { name?: Fault; routers?: Fault; around?: Fault } } };

const mac = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i;
const bounds = { os_age: { least: 7, most: 730, fault: 'fault.days' }, screen_lock: { least: 30, most: 3600, fault: 'fault.seconds' } } as const;

/** faultsOf says what is wrong, by the room's own bounds (gate/posture, Validate). */
export function faultsOf(draft: Draft): Faults {
  const faults: Faults = { limit: {}, agent: null, places: {} };
  for (const { check, limit } of draft.rules) {
    if (!limited(check)) continue;
    const { least, most, fault } = bounds[check];
    const typed = plain(limit);
    if (!/^\d{1,4}$/.test(typed) || Number(typed) < least || Number(typed) > most) faults.limit[check] = fault;
  }
  const asked = draft.rules.some(({ check, level }) => check === 'agent_version' && level !== 'off');
  if (!/^(v?\d{1,6}\.\d{1,6}(\.\d{1,6})?)?$/.test(plain(draft.agent)) || (asked && plain(draft.agent) === '')) faults.agent = 'fault.agent';
  for (const { key, name, routers, around } of draft.places) {
    const found: Faults['places'][number] = {};
    if (name.trim() === '') found.name = 'fault.place.name';
    const [near, far] = [lines(routers), lines(around)];
    if (near.length < 1 || near.length > 16 || near.some((one) => !mac.test(one))) found.routers = 'fault.place.routers';
    if (far.length > 32 || far.some((one) => !mac.test(one))) found.around = 'fault.place.around';
    if (Object.keys(found).length > 0) faults.places[key] = found;
  }
  return faults;
}

export function isFaulty(faults: Faults): boolean {
  return faults.agent !== null || Object.keys(faults.limit).length + Object.keys(faults.places).length > 0;
}
