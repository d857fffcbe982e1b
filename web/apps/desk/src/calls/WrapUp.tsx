import { Button, NativeSelect } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { elapsed } from '@sekisho/ui/time';
import type { PhoneWrapUp, PhoneWritten } from '@sekisho/wire/calls';
import { useState } from 'react';
import { useClock } from '../parts/useClock';
import { callTexts } from './callTexts';
import type { PhoneUse } from './usePhone';

/** WrapUp takes the result of the call that has ended. */
export function WrapUp({ wrapUp, use }: { wrapUp: PhoneWrapUp; use: PhoneUse }) {
  const say = useTexts(callTexts);
  const { language } = useLanguage();
  const [code, setCode] = useState('');
  const [note, setNote] = useState('');
  useClock();
  const send = () => {
    if (code !== '' || wrapUp.codes.length === 0) void use.tell('calls/wrap-up', { call: wrapUp.call, code, note } satisfies PhoneWritten);
  };
  return (
    <div className="dk-wrap">
      <h2>{say('wrap.title')}</h2>
      {wrapUp.until && <span className="sk-numbers">{say('wrap.left', { time: elapsed(Math.max(0, Date.parse(wrapUp.until) - Date.now())) })}</span>}
      <div className="dk-wrap-fields">
        {wrapUp.codes.length > 0 && (
          <NativeSelect label={say('wrap.code')} value={code} onChange={(event) => setCode(event.currentTarget.value)} data={[{ value: '', label: '' }, ...wrapUp.codes.map((one) => ({ value: one.id, label: one.text[language] }))]} />
        )}
        <ImeInput label={say('wrap.note')} value={note} onChange={setNote} onCommit={send} maxLength={500} />
        <Button disabled={use.busy || (code === '' && wrapUp.codes.length > 0)} onClick={send}>
          {say('wrap.do')}
        </Button>
      </div>
    </div>
  );
}
