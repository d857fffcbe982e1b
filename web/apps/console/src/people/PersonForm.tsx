import { Button, Checkbox, Group, Select, Stack, Switch, TextInput } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { problemOf } from '@sekisho/wire/problem';
import { Role, roles } from '@sekisho/wire/states';
import { useState, type FormEvent } from 'react';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { faultsOf, folded, usesConsole, type Draft, type DraftFault } from './draft';
import { peopleTexts } from './texts';

export type PersonFormProps = {
  title: string;
  start: Draft;
  /** fixed: the login stands; own: this is the administrator himself */
  fixed: boolean;
  own: boolean;
  action: string;
  onSubmit: (draft: Draft) => Promise<unknown>;
  onClose: () => void;
  children?: React.ReactNode;
};

/** PersonForm names a person and says, role by role, what he may do. */
export function PersonForm({ title, start, fixed, own, action, onSubmit, onClose, children }: PersonFormProps) {
  const say = useTexts(peopleTexts);
  const ui = useTexts(uiTexts);
  const parts = useTexts(partTexts);
  const [draft, setDraft] = useState(start);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const faults = asked ? faultsOf(draft) : [];
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const faulty = (fault: DraftFault) => (faults.includes(fault) ? say(fault) : undefined);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (faultsOf(draft).length > 0) return;
    setBusy(true);
    setFailure(null);
    try {
      await onSubmit(folded(draft)); // whoever opened the form closes it
    } catch (thrown) {
      setFailure(thrown);
      setBusy(false);
    }
  }

  return (
    <Dialog title={title} size="xl" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <Group grow align="flex-start">
            <ImeInput label={say('field.name')} value={draft.name} onChange={(name) => set({ name })} maxLength={64} required error={faulty('missing.name')} data-autofocus />
            <ImeInput label={say('field.kana')} value={draft.kana} onChange={(kana) => set({ kana })} maxLength={64} />
          </Group>
          <Group grow align="flex-start">
            <ImeInput
              label={say('field.login')}
              description={say('field.login.help')}
              value={draft.login}
              onChange={(login) => set({ login })}
              maxLength={64}
              required={!fixed}
              readOnly={fixed}
              error={faulty('missing.login')}
            />
            <Select
              label={say('field.place')}
              data={[
                { value: 'home', label: ui('place.home') },
                { value: 'office', label: ui('place.office') },
              ]}
              value={draft.place}
              onChange={(value) => set({ place: value === 'office' ? 'office' : 'home' })}
              allowDeselect={false}
              className="co-bottom"
            />
          </Group>
          <Group grow align="flex-start">
            <ImeInput label={say('field.agency')} description={say('field.agency.help')} value={draft.agency} onChange={(agency) => set({ agency })} maxLength={64} />
            <TextInput
              type="date"
              label={say('field.last_day')}
              description={say(own ? 'own.last_day' : 'field.last_day.help')}
              value={draft.last_day}
              onChange={(event) => set({ last_day: event.currentTarget.value })}
              readOnly={own}
              min="2000-01-01"
              max="2199-12-31"
            />
          </Group>
          <Checkbox.Group
            label={say('roles.title')}
            description={own ? say('own.roles') : undefined}
            value={draft.roles}
            onChange={(values) => set({ roles: roles.filter((role) => values.includes(role)) })}
            error={faulty('missing.role')}
          >
            <Stack gap="xs" mt="xs">
              {roles.map((role) => (
                <Checkbox
                  key={role}
                  value={Role.parse(role)}
                  label={ui(`role.${role}`)}
                  description={say(`can.${role}`)}
                  disabled={own}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          {draft.roles.includes('operator') && (
            <Switch
              label={say('face.usable')}
              description={say('face.help')}
              checked={draft.face_usable}
              onChange={(event) => set({ face_usable: event.currentTarget.checked })}
            />
          )}
          {fixed && usesConsole(draft.roles) && (
            <Switch
              label={say('password.allowed')}
              description={say('password.help')}
              checked={draft.password_allowed}
              onChange={(event) => set({ password_allowed: event.currentTarget.checked })}
            />
          )}
          {failure !== null && <ProblemNotice problem={problemOf(failure)} />}
          <Group justify="space-between">
            <Group gap="sm">{children}</Group>
            <Group gap="sm">
              <Button variant="default" onClick={onClose} disabled={busy}>
                {parts('cancel')}
              </Button>
              <Button type="submit" loading={busy}>
                {action}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
