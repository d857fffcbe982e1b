import { Checkbox, Stack, TextInput } from '@mantine/core';
import { WarnIcon } from '@sekisho/ui/icons';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { useState } from 'react';
import { sides, type OwnRole, type Right } from '../api/roleQueries';
import { Form } from '../clients/Form';
import { faultsOf, isHigh, type RoleDraft, type RoleFault } from './draft';
import { isRight, rightTexts } from './rightTexts';
import { roleTexts } from './texts';

type Props = { title: string; action: string; start: RoleDraft; rights: Right[]; onSubmit: (draft: RoleDraft) => Promise<OwnRole>; onAsked: () => void; onClose: () => void };

/** RoleForm names a role and chooses its rights, said as sentences and grouped by the built-in role whose they are. */
export function RoleForm({ title, action, start, rights, onSubmit, onAsked, onClose }: Props) {
  const say = useTexts(roleTexts);
  const words = useTexts(rightTexts);
  const ui = useTexts(uiTexts);
  const [draft, setDraft] = useState(start);
  const [asked, setAsked] = useState(false);
  const faults = asked ? faultsOf(draft, rights) : [];
  const faulty = (fault: RoleFault) => (faults.includes(fault) ? say(fault) : undefined);
  return (
    <Form
      title={title}
      action={action}
      ready={() => {
        setAsked(true);
        return faultsOf(draft, rights).length === 0;
      }}
      onSubmit={() => onSubmit({ ...draft, name: plain(draft.name) })}
      onAsked={onAsked}
      onClose={onClose}
    >
      <TextInput label={say('field.name')} description={say('field.name.help')} value={draft.name} onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })} maxLength={40} required error={faulty('missing.name')} data-autofocus />
      {sides.map((side) => (
        <Checkbox.Group
          key={side}
          label={say('side', { role: ui(`role.${side}`) })}
          value={draft.rights}
          onChange={(chosen) => setDraft({ ...draft, rights: chosen })}
          error={side === 'administrator' ? (faulty('mixed') ?? faulty('missing.right')) : undefined}
        >
          <Stack gap="xs" mt="xs">
            {rights
              .filter((one) => one.side === side)
              .map(({ right }) => (
                <Checkbox key={right} value={right} size="md" label={isRight(right) ? words(right) : right} />
              ))}
          </Stack>
        </Checkbox.Group>
      ))}
      <div role="status">
        {isHigh(draft.rights, rights) && (
          <p className="co-note" data-tone="attention">
            <WarnIcon size={18} />
            <span>{say('second.needed')}</span>
          </p>
        )}
      </div>
    </Form>
  );
}
