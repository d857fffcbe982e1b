import { Button, Modal, NativeSelect } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { useTexts } from '@sekisho/ui/language';
import type { Phone, PhoneCall } from '@sekisho/wire/calls';
import { useState, type ReactNode } from 'react';
import { callTexts } from './callTexts';
import type { PhoneUse } from './usePhone';

type Asked = { opened: boolean; use: PhoneUse; onClose: () => void };

/** Question is a small window over the work, with one thing to say. */
export function Question({ title, opened, onClose, children }: { title: string; opened: boolean; onClose: () => void; children: ReactNode }) {
  return (
    <Modal.Root opened={opened} onClose={onClose} centered transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body className="dk-question">
          <Modal.Title className="dk-question-title">{title}</Modal.Title>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** ToQuestion asks whereto a call goes, or who is asked: a queue or a number. */
export function ToQuestion({ what, phone, opened, use, onClose }: Asked & { what: 'transfer' | 'consult'; phone: Phone }) {
  const say = useTexts(callTexts);
  const [queue, setQueue] = useState('');
  const [number, setNumber] = useState('');
  const to = number.trim() !== '' ? number.trim() : queue !== '' ? `queue:${queue}` : '';
  const send = async () => {
    if (to !== '' && (await use.act(what, { to }))) {
      setNumber('');
      setQueue('');
      onClose();
    }
  };
  return (
    <Question title={say(`to.title.${what}`)} opened={opened} onClose={onClose}>
      {what === 'transfer' && (
        <NativeSelect label={say('to.queue')} value={queue} onChange={(event) => setQueue(event.currentTarget.value)} data={[{ value: '', label: '' }, ...phone.queues.map((one) => ({ value: one.id, label: one.name }))]} />
      )}
      <ImeInput label={say('to.number')} value={number} onChange={setNumber} onCommit={() => void send()} inputMode="tel" maxLength={24} />
      <div className="dk-actions">
        <Button variant="default" onClick={onClose}>
          {say('cancel')}
        </Button>
        <Button disabled={to === '' || use.busy} onClick={() => void send()}>
          {say(`to.do.${what}`)}
        </Button>
      </div>
    </Question>
  );
}

/** PauseQuestion asks why the recording is paused: the reason is kept with it. */
export function PauseQuestion({ opened, use, onClose }: Asked) {
  const say = useTexts(callTexts);
  const [reason, setReason] = useState('');
  const send = async () => {
    if (reason.trim() !== '' && (await use.act('pause', { reason: reason.trim() }))) {
      setReason('');
      onClose();
    }
  };
  return (
    <Question title={say('pause.title')} opened={opened} onClose={onClose}>
      <ImeInput label={say('pause.reason')} value={reason} onChange={setReason} onCommit={() => void send()} maxLength={200} />
      <div className="dk-actions">
        <Button variant="default" onClick={onClose}>
          {say('cancel')}
        </Button>
        <Button disabled={reason.trim() === '' || use.busy} onClick={() => void send()}>
          {say('pause.do')}
        </Button>
      </div>
    </Question>
  );
}

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** Keypad sends keys to the other end; it shows none of them afterwards. */
export function Keypad({ opened, call, use, onClose }: Asked & { call: PhoneCall }) {
  const say = useTexts(callTexts);
  return (
    <Question title={say('keypad.title')} opened={opened} onClose={onClose}>
      <div className="dk-keypad" role="group" aria-label={call.work}>
        {keys.map((key) => (
          <Button key={key} variant="default" size="md" onClick={() => void use.act('digit', { digit: key })}>
            {key}
          </Button>
        ))}
      </div>
      <div className="dk-actions">
        <Button variant="default" onClick={onClose}>
          {say('close')}
        </Button>
      </div>
    </Question>
  );
}
