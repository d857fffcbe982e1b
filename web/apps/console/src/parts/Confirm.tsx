import { Button, Group, Stack, Textarea } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type ReactNode } from 'react';
import { Dialog } from './Dialog';
import { partTexts } from './texts';

export type ConfirmProps = {
  title: string;
  /** what happens when it is done, in words */
  consequences: string[];
  action: string;
  danger?: boolean;
  /** reason: none is asked, it may be given, or it must be given */
  reason: 'none' | 'optional' | 'required';
  children?: ReactNode;
  onConfirm: (reason: string) => Promise<unknown>;
  onClose: () => void;
  /** onDone is called instead of onClose once it is done */
  onDone?: () => void;
};

/** Confirm asks before an act that others will feel: what it does, and why. */
export function Confirm({ title, consequences, action, danger, reason, children, onConfirm, onClose, onDone = onClose }: ConfirmProps) {
  const say = useTexts(partTexts);
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  async function act() {
    if (reason === 'required' && text.trim() === '') {
      setMissing(true);
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      await onConfirm(text.normalize('NFKC').trim());
      onDone();
    } catch (thrown) {
      setFailure(thrown);
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} size="lg" onClose={onClose}>
      <Stack gap="md">
        {children}
        <div className="co-consequence">
          <p>{say('consequence')}</p>
          <ul>
            {consequences.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
        {reason !== 'none' && (
          <Textarea
            label={say('reason')}
            description={say('reason.help')}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setMissing(false);
            }}
            maxLength={500}
            autosize
            minRows={2}
            required={reason === 'required'}
            error={missing ? say('reason.missing') : undefined}
            data-autofocus
          />
        )}
        {failure !== null && <ProblemNotice problem={problemOf(failure)} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} disabled={busy}>
            {say('cancel')}
          </Button>
          <Button color={danger ? 'beni' : 'ai'} onClick={() => void act()} loading={busy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
