import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useTexts } from '@sekisho/ui/language';
import type { Phone, PhoneDial } from '@sekisho/wire/calls';
import { useState } from 'react';
import { callTexts } from './callTexts';
import { Question } from './Questions';
import type { PhoneUse } from './usePhone';

/** DialButton places a call, with one of the numbers that the operator's works may show. */
export function DialButton({ phone, use }: { phone: Phone; use: PhoneUse }) {
  const say = useTexts(callTexts);
  const [opened, setOpened] = useState(false);
  const [number, setNumber] = useState('');
  const [chosen, setChosen] = useState(0);
  const [withhold, setWithhold] = useState(false);
  const own = phone.own[chosen] ?? phone.own[0];
  const send = async () => {
    if (!own || number.trim() === '') return;
    if (await use.tell('calls/dial', { number: number.trim(), work: own.work, own: own.number, withhold } satisfies PhoneDial)) {
      setNumber('');
      setOpened(false);
    }
  };
  return (
    <>
      <Button size="compact-md" variant="default" onClick={() => setOpened(true)}>
        {say('dial')}
      </Button>
      <Question title={say('dial.title')} opened={opened} onClose={() => setOpened(false)}>
        <ImeInput label={say('dial.number')} value={number} onChange={setNumber} onCommit={() => void send()} inputMode="tel" maxLength={24} />
        <NativeSelect label={say('dial.own')} value={String(chosen)} onChange={(event) => setChosen(Number(event.currentTarget.value))} data={phone.own.map((one, index) => ({ value: String(index), label: `${one.number} ${one.name}` }))} />
        <Checkbox label={say('dial.withhold')} checked={withhold} onChange={(event) => setWithhold(event.currentTarget.checked)} />
        <div className="dk-actions">
          <Button variant="default" onClick={() => setOpened(false)}>
            {say('cancel')}
          </Button>
          <Button disabled={number.trim() === '' || use.busy} onClick={() => void send()}>
            {say('dial.do')}
          </Button>
        </div>
      </Question>
    </>
  );
}
