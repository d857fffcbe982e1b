import { Button, Menu } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import type { Phone, PhoneActName, PhoneCall } from '@sekisho/wire/calls';
import { useState } from 'react';
import { callTexts } from './callTexts';
import { Keypad, PauseQuestion, ToQuestion } from './Questions';
import type { PhoneUse } from './usePhone';

type Question = 'transfer' | 'consult' | 'pause' | 'digit' | null;

const inLine: PhoneActName[] = ['resume', 'hold', 'unmask', 'join', 'complete', 'back'];
const inMenu: PhoneActName[] = ['transfer', 'consult', 'digit', 'mask', 'pause', 'record'];

/** CallActs are the buttons of the call: those that are open now, the rest in one menu. */
export function CallActs({ phone, call, use }: { phone: Phone; call: PhoneCall; use: PhoneUse }) {
  const say = useTexts(callTexts);
  const [question, setQuestion] = useState<Question>(null);
  const may = new Set(phone.may);
  const asks = (act: PhoneActName): act is 'transfer' | 'consult' | 'pause' | 'digit' => ['transfer', 'consult', 'pause', 'digit'].includes(act);
  const press = (act: PhoneActName) => (asks(act) ? setQuestion(act) : void use.act(act));
  const rest = inMenu.filter((act) => may.has(act));
  return (
    <div className="dk-call-acts">
      {inLine
        .filter((act) => may.has(act))
        .map((act) => (
          <Button key={act} size="compact-md" variant="default" disabled={use.busy} onClick={() => press(act)}>
            {say(`act.${act}`)}
          </Button>
        ))}
      {rest.length > 0 && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button size="compact-md" variant="default">
              {say('more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {rest.map((act) => (
              <Menu.Item key={act} onClick={() => press(act)}>
                {say(`act.${act}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {may.has('hang_up') && (
        <Button size="compact-md" color="beni" disabled={use.busy} onClick={() => void use.act('hang_up')}>
          {say('act.hang_up')}
        </Button>
      )}
      <ToQuestion what={question === 'consult' ? 'consult' : 'transfer'} opened={question === 'transfer' || question === 'consult'} phone={phone} use={use} onClose={() => setQuestion(null)} />
      <PauseQuestion opened={question === 'pause'} use={use} onClose={() => setQuestion(null)} />
      <Keypad opened={question === 'digit'} call={call} use={use} onClose={() => setQuestion(null)} />
    </div>
  );
}
