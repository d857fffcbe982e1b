import { plain } from '@sekisho/ui/ime';
import type { Trunk } from '../api/telephoneQueries';

/** Draft is a trunk's form: numbers and times as they are typed. */
export type Draft = {
  name: string;
  kind: Trunk['kind'];
  host: string;
  port: string;
  transport: Trunk['transport'];
  security: Trunk['security'];
  user: string;
  secret: string;
  allow: string;
  max_calls: string;
  out_calls: string;
  per_minute: string;
  from: string;
  to: string;
  prefixes: string;
};

// A new trunk lets nothing out.
export const emptyDraft: Draft = {
  name: '', kind: 'registration', host: '', port: '5061', transport: 'tls', security: 'sdes', user: '', secret: '', allow: '', max_calls: '10',
  out_calls: '0', per_minute: '10', from: '09:00', to: '18:00', prefixes: '',
};

export function draftOf(one: Trunk): Draft {
  return {
    name: one.name, kind: one.kind, host: one.host, port: String(one.port), transport: one.transport, security: one.security, user: one.user, secret: '',
    allow: one.allow.join('\n'), max_calls: String(one.max_calls), out_calls: String(one.out.max_calls), per_minute: String(one.out.per_minute || 10),
    from: clock(one.out.from), to: clock(one.out.max_calls === 0 && one.out.to === 0 ? 1440 : one.out.to), prefixes: one.out.prefixes.join('\n'),
  };
}

/** clock writes a minute of the day as 09:00; 1440 is 24:00. */
export function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** minute reads 9:00 to 24:00; null is no time of a day. */
export function minute(text: string): number | null {
  const found = /^(\d{1,2}):(\d{2})$/.exec(plain(text));
  const at = found ? Number(found[1]) * 60 + Number(found[2]) : NaN;
  return found && Number(found[2]) < 60 && at <= 1440 ? at : null;
}

/** lines are the words of a field with one on each line. */
export function lines(text: string): string[] {
  return text.split(/[\s,、]+/).map(plain).filter((one) => one !== '');
}

export type DraftFault = 'name' | 'host' | 'port' | 'user' | 'security' | 'allow' | 'max_calls' | 'out_calls' | 'per_minute' | 'hours' | 'prefixes' | 'secret';

const whole = (text: string, least: number, most: number) => /^\d{1,5}$/.test(plain(text)) && Number(plain(text)) >= least && Number(plain(text)) <= most;

/** faultsOf lists what is still wrong, in the order of the form. before is the trunk that is changed. */
export function faultsOf(draft: Draft, before: Trunk | null): DraftFault[] {
  const faults: DraftFault[] = [];
  const say = (fault: DraftFault, wrong: boolean) => {
    if (wrong) faults.push(fault);
  };
  say('name', plain(draft.name) === '');
  say('host', !/^[A-Za-z0-9.:-]{1,253}$/.test(plain(draft.host)));
  say('port', !whole(draft.port, 1, 65535));
  say('security', draft.security === 'sdes' && draft.transport !== 'tls');
  say('user', draft.kind === 'registration' && plain(draft.user) === '');
  const moved = before !== null && (before.host !== plain(draft.host) || before.port !== Number(draft.port) || before.transport !== draft.transport);
  say('secret', (moved && before.has_secret && draft.secret === '') || (draft.secret !== '' && plain(draft.user) === ''));
  say('allow', lines(draft.allow).length < 1 || lines(draft.allow).length > 32);
  say('max_calls', !whole(draft.max_calls, 1, 2000));
  say('out_calls', !whole(draft.out_calls, 0, Math.min(2000, Number(plain(draft.max_calls)) || 0)));
  if (Number(plain(draft.out_calls)) > 0) {
    const [from, to] = [minute(draft.from), minute(draft.to)];
    say('per_minute', !whole(draft.per_minute, 1, 600));
    say('hours', from === null || to === null || from >= to);
  }
  say('prefixes', lines(draft.prefixes).length > 64 || lines(draft.prefixes).some((one) => !/^\+[1-9]\d{0,14}$/.test(one)));
  return faults;
}

/** sent is what goes to the door. The password goes only if one was typed, and exactly as typed. */
export function sent(draft: Draft) {
  const goesOut = Number(plain(draft.out_calls)) > 0;
  return {
    name: plain(draft.name), kind: draft.kind, host: plain(draft.host), port: Number(plain(draft.port)), transport: draft.transport, security: draft.security,
    user: plain(draft.user), allow: lines(draft.allow), max_calls: Number(plain(draft.max_calls)),
    out: {
      max_calls: Number(plain(draft.out_calls)), per_minute: goesOut ? Number(plain(draft.per_minute)) : 0, from: goesOut ? (minute(draft.from) ?? 0) : 0,
      to: goesOut ? (minute(draft.to) ?? 0) : 0, zone: 'Asia/Tokyo', prefixes: lines(draft.prefixes),
    },
    ...(draft.secret === '' ? {} : { secret: draft.secret }),
  };
}
