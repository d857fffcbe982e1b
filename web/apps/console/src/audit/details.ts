import { useTexts } from '@sekisho/ui/language';
import { stateKey } from '@sekisho/ui/stateLook';
import { uiTexts } from '@sekisho/ui/texts';
import { decisions } from '@sekisho/wire/desk';
import { roles, states } from '@sekisho/wire/states';
import type { AuditRow } from '../api/views';
import { actTexts } from '../approvals/actTexts';
import { approvalTexts } from '../approvals/texts';
import { desktopTexts } from '../desktops/texts';
import { checks } from '../posture/draft';
import { postureTexts } from '../posture/texts';
import { detailTexts, processTexts, reasonTexts, valueTexts } from './detailTexts';
import { useKind } from './kinds';

/** isNamed says whether a value of a row's detail has a name in words. */
export function isNamed(name: string): name is keyof (typeof detailTexts)['messages'] {
  return name in detailTexts.messages;
}

const isValue = (value: string): value is keyof (typeof valueTexts)['messages'] => value in valueTexts.messages;
const isProcess = (name: string): name is keyof (typeof processTexts)['messages'] => name in processTexts.messages;
const isReason = (code: string): code is keyof (typeof reasonTexts)['messages'] => code in reasonTexts.messages;

/** named makes the key of a value that another room has words for. */
function named<K extends string>(texts: { messages: { [key in K]: unknown } }, key: string): K | undefined {
  return key in texts.messages ? (key as K) : undefined;
}

const change = ' → '; // as the server writes what was before and after

/** useDetails puts the names and values of a row's detail into words, and leaves what has none as it stands. */
export function useDetails(): { label: (name: string) => string; value: (name: string, value: string) => string } {
  const say = useTexts(detailTexts);
  const words = useTexts(valueTexts);
  const ui = useTexts(uiTexts);
  const approvals = useTexts(approvalTexts);
  const acts = useTexts(actTexts);
  const desktops = useTexts(desktopTexts);
  const posture = useTexts(postureTexts);
  const kind = useKind();
  const check = (name: string) => checks.find((one) => one === name);

  function word(name: string, value: string): string {
    const state = name === 'state' ? states.find((one) => one === value) : undefined;
    if (state) return ui(stateKey(state));
    const rule = check(name) ? judged(value) : undefined;
    if (rule) return rule;
    if (name === 'failed') return value.split(' ').map(checkName).join(' / ');
    if (name === 'roles') return value.split(' ').map(role).join(' ');
    const own = `${name}.${value}`;
    if (isValue(own)) return words(own);
    const place = name === 'place' ? named(uiTexts, own) : undefined;
    if (place) return ui(place);
    const level = name === 'level' || name === 'was' ? named(desktopTexts, `level.${value}`) : undefined;
    if (level) return desktops(level);
    const asked = name === 'kind' ? named(approvalTexts, own) : undefined;
    if (asked) return approvals(asked);
    const act = name === 'act' ? named(actTexts, `kind.${value}`) : undefined;
    if (act) return acts(act);
    if (name === 'kind' || name === 'act') return kind(value);
    return isValue(value) ? words(value) : value;
  }
  // An outcome, or a rule: its level, the systems that it is asked on, its number.
  function judged(value: string): string | undefined {
    const outcome = named(postureTexts, `outcome.${value}`);
    if (outcome) return posture(outcome);
    const [level = '', ...rest] = value.split(' ');
    const key = named(postureTexts, `level.${level}`);
    return key && [posture(key), ...rest].join(' ');
  }
  function checkName(name: string): string {
    const known = check(name);
    return known ? posture(`check.${known}`) : name;
  }
  function role(value: string): string {
    const known = roles.find((one) => one === value);
    return known ? ui(`role.${known}`) : value;
  }
  return {
    label: (name) => (name !== 'place' && check(name) ? checkName(name) : isNamed(name) ? say(name) : name),
    value: (name, value) => value.split(change).map((part) => word(name, part)).join(change),
  };
}

/** useProcess names a program in words. */
export function useProcess(): (name: string) => string {
  const say = useTexts(processTexts);
  return (name) => (isProcess(name) ? say(name) : name);
}

/** useReason is why a row came out so, in words; '' where only its code is known. */
export function useReason(): (row: Pick<AuditRow, 'kind' | 'reason' | 'reason_text'>) => string {
  const say = useTexts(reasonTexts);
  const ui = useTexts(uiTexts);
  return ({ kind, reason, reason_text }) => {
    if (reason_text !== '') return reason_text;
    const decision = kind === 'incident.decided' && reason !== '' ? decisions.find((one) => one === reason) : undefined;
    if (decision) return ui(`decision.${decision}`);
    return isReason(reason) ? say(reason) : '';
  };
}
