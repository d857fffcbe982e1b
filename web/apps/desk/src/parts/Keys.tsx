import { CheckIcon, CrossIcon, DeviceIcon, LineIcon, PersonIcon, type IconProps } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import type { ReactElement } from 'react';
import { keyStatesOf, type KeyState, type KeyStates } from '../keyStates';
import { useSeat } from '../place';
import { deskTexts } from '../texts';

const icons: { [key in keyof KeyStates]: (props: IconProps) => ReactElement } = { device: DeviceIcon, line: LineIcon, person: PersonIcon };
const order = ['device', 'line', 'person'] as const;

/** Keys shows the two keys and the line between them: what is checked, what is being checked. */
export function Keys() {
  const say = useTexts(deskTexts);
  const states = keyStatesOf(useSeat());
  return (
    <ol className="dk-keys" aria-label={say('keys.label')}>
      {order.map((key) => (
        <Key key={key} name={key} state={states[key]} />
      ))}
    </ol>
  );
}

function Key({ name, state }: { name: keyof KeyStates; state: KeyState }) {
  const say = useTexts(deskTexts);
  const Icon = icons[name];
  return (
    <li className={`dk-key dk-key-${state}`} aria-current={state === 'running' ? 'step' : undefined}>
      <span className="dk-key-mark">{state === 'done' ? <CheckIcon size={18} /> : state === 'stopped' ? <CrossIcon size={18} /> : <Icon size={18} />}</span>
      <span className="dk-key-words">
        <span className="dk-key-name">
          <span className="dk-key-tag">{say(`keys.${name}.tag`)}</span>
          {say(`keys.${name}`)}
        </span>
        <span className="dk-key-state">{say(`keys.${state}`)}</span>
      </span>
    </li>
  );
}
