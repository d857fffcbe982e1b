import { Button, Group, PasswordInput, Select, Stack } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type FormEvent, type ReactNode } from 'react';
import { levels } from '../api/views';
import { Dialog } from '../parts/Dialog';
import { asked as wasAsked } from '../parts/asks';
import { TwoIcon } from '../parts/icons';
import { partTexts } from '../parts/texts';
import { faultsOf, type Draft, type DraftFault } from './draft';
import { desktopTexts } from './texts';

export type DesktopFormProps = {
  title: string;
  start: Draft;
  hasSecret: boolean;
  action: string;
  onSubmit: (draft: Draft) => Promise<unknown>;
  onClose: () => void;
  children?: ReactNode;
};

/** DesktopForm names a desktop. Its secret goes in and never comes out. */
export function DesktopForm({ title, start, hasSecret, action, onSubmit, onClose, children }: DesktopFormProps) {
  const say = useTexts(desktopTexts);
  const parts = useTexts(partTexts);
  const [draft, setDraft] = useState(start);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const faults = asked ? faultsOf(draft) : [];
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const waits = failure !== null && wasAsked(failure); // the rest is saved
  const faulty = (fault: DraftFault) => (faults.includes(fault) ? say(fault) : undefined);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (faultsOf(draft).length > 0) return;
    setBusy(true);
    setFailure(null);
    try {
      await onSubmit(draft);
      onClose();
    } catch (thrown) {
      setFailure(thrown);
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} size="lg" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate autoComplete="off">
        <Stack gap="md">
          <ImeInput label={say('field.name')} description={say('field.name.help')} value={draft.name} onChange={(name) => set({ name })} maxLength={100} required error={faulty('missing.name')} data-autofocus />
          <Group align="flex-start" wrap="nowrap" className="co-target">
            <ImeInput label={say('field.host')} value={draft.host} onChange={(host) => set({ host })} maxLength={253} required error={faulty('missing.host')} />
            <ImeInput label={say('field.port')} value={draft.port} onChange={(port) => set({ port })} inputMode="numeric" maxLength={5} required error={faulty('missing.port')} />
          </Group>
          <PasswordInput
            label={say('field.secret')}
            description={hasSecret ? `${say('field.secret.help')} ${say('field.secret.keep')}` : say('field.secret.help')}
            placeholder={hasSecret ? say('secret.set') : ''}
            value={draft.secret}
            onChange={(event) => set({ secret: event.currentTarget.value })}
            autoComplete="new-password"
            maxLength={8}
            visibilityToggleButtonProps={{ tabIndex: 0 }}
          />
          <Select
            label={say('field.level')}
            description={say('field.level.help')}
            data={levels.map((level) => ({ value: level, label: say(`level.${level}`) }))}
            value={draft.level}
            onChange={(value) => set({ level: levels.find((level) => level === value) ?? 'full' })}
            allowDeselect={false}
          />
          {waits ? (
            <p className="co-note" data-tone="attention" role="status">
              <TwoIcon size={18} />
              <span>{say('level.asked')}</span>
            </p>
          ) : (
            failure !== null && <ProblemNotice problem={problemOf(failure)} />
          )}
          <Group justify="space-between">
            <div>{children}</div>
            <Group gap="sm">
              <Button variant="default" onClick={onClose} disabled={busy}>
                {parts(waits ? 'close' : 'cancel')}
              </Button>
              {!waits && (
                <Button type="submit" loading={busy}>
                  {action}
                </Button>
              )}
            </Group>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
