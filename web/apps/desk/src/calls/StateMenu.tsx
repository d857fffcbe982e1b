import { Button, Menu } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { elapsed } from '@sekisho/ui/time';
import type { Phone } from '@sekisho/wire/calls';
import { useClock } from '../parts/useClock';
import { callTexts } from './callTexts';
import { DialButton } from './Dial';
import type { PhoneUse } from './usePhone';

/** StateMenu shows whether calls come, and lets the operator say that they may or may not. */
export function StateMenu({ phone, use }: { phone: Phone; use: PhoneUse }) {
  const say = useTexts(callTexts);
  const { language } = useLanguage();
  useClock();
  const waiting = phone.queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const go = (state: 'ready' | 'away' | 'out', reason = '') => void use.tell('calls/state', { state, reason });
  return (
    <div className="dk-call-own">
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button variant={phone.state === 'ready' ? 'light' : 'default'} color={phone.state === 'ready' ? 'matsu' : 'gray'} size="compact-md">
            <span className="sk-unseen">{say('state')}</span>
            {say(`state.${phone.state}`)}
            <span className="sk-numbers dk-call-since">{elapsed(Date.now() - Date.parse(phone.since))}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {phone.state !== 'ready' && <Menu.Item onClick={() => go('ready')}>{say('go.ready')}</Menu.Item>}
          {phone.reasons.map((reason) => (
            <Menu.Item key={reason.id} onClick={() => go('away', reason.id)}>
              {`${say('go.away')}: ${reason.text[language]}`}
            </Menu.Item>
          ))}
          {phone.state !== 'out' && <Menu.Item onClick={() => go('out')}>{say('go.out')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {phone.next !== '' && <span className="dk-small">{say('next', { state: say(`state.${phone.next as 'ready'}`) })}</span>}
      {(phone.state === 'out' || phone.state === 'no_answer' || phone.state === 'away') && !phone.call && (
        <Button size="compact-md" color="matsu" disabled={use.busy} onClick={() => go('ready')}>
          {say('go.ready')}
        </Button>
      )}
      {phone.line !== 'ready' && <span className="dk-call-sound">{say(`line.${phone.line}`)}</span>}
      {waiting > 0 && <span className="dk-call-waiting sk-numbers">{say('waiting', { count: waiting })}</span>}
      {phone.own.length > 0 && !phone.call && <DialButton phone={phone} use={use} />}
      <Button size="compact-md" variant={phone.hand ? 'light' : 'subtle'} color={phone.hand ? 'kohaku' : 'gray'} aria-pressed={phone.hand} onClick={() => void use.tell('calls/hand', { raised: !phone.hand })}>
        {say(phone.hand ? 'hand.down' : 'hand')}
      </Button>
    </div>
  );
}
