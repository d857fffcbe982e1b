import { Button, Group, Stack } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type FormEvent, type ReactNode } from 'react';
import { asked } from '../parts/asks';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';

export type FormProps = {
  title: string;
  action: string;
  /** ready says whether what was entered may be sent; where it may not, the fields say why */
  ready: () => boolean;
  onSubmit: () => Promise<unknown>;
  /** onAsked is told when it was not done, but put to a second person */
  onAsked?: () => void;
  onClose: () => void;
  children: ReactNode;
};

/** Form is a short form in front of the page: it closes once what it sends was taken. */
export function Form({ title, action, ready, onSubmit, onAsked, onClose, children }: FormProps) {
  const parts = useTexts(partTexts);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready()) return;
    setBusy(true);
    setFailure(null);
    try {
      await onSubmit();
      onClose();
    } catch (thrown) {
      if (onAsked && asked(thrown)) {
        onAsked();
        onClose();
        return;
      }
      setFailure(thrown);
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} size="lg" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          {children}
          {failure !== null && <ProblemNotice problem={problemOf(failure)} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose} disabled={busy}>
              {parts('cancel')}
            </Button>
            <Button type="submit" loading={busy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
