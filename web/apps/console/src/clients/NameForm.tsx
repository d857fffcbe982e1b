import { ImeInput } from '@sekisho/ui/ImeInput';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { Form } from './Form';
import { clientTexts } from './texts';

/** NameForm names a client company or a work. */
export function NameForm({ title, action, start, onSubmit, onClose }: { title: string; action: string; start: string; onSubmit: (name: string) => Promise<unknown>; onClose: () => void }) {
  const say = useTexts(clientTexts);
  const [name, setName] = useState(start);
  const [asked, setAsked] = useState(false);
  const missing = plain(name) === '';
  return (
    <Form
      title={title}
      action={action}
      ready={() => {
        setAsked(true);
        return !missing;
      }}
      onSubmit={() => onSubmit(plain(name))}
      onClose={onClose}
    >
      <ImeInput label={say('field.name')} value={name} onChange={setName} maxLength={100} required error={asked && missing ? say('missing.name') : undefined} data-autofocus />
    </Form>
  );
}
