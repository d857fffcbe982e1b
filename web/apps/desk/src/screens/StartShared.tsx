import { Button, TextInput } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useRef, useState, type FormEvent } from 'react';
import { useWorkplace } from '../place';
import '../shared.css';
import { sharedTexts } from '../sharedTexts';

/** StartShared asks who sits at a shared PC. It lists nobody, and remembers nobody. */
export function StartShared({ action }: { action: string }) {
  const say = useTexts(sharedTexts);
  const workplace = useWorkplace();
  const [login, setLogin] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  function submit(event: FormEvent) {
    event.preventDefault();
    const who = login.normalize('NFKC').trim();
    if (who === '') {
      setMissing(true);
      field.current?.focus();
      return;
    }
    void workplace.connect(who);
  }

  return (
    <form className="dk-shared" onSubmit={submit} noValidate autoComplete="off">
      <TextInput
        ref={field}
        label={say('login')}
        description={say('help')}
        value={login}
        onChange={(event) => {
          setLogin(event.currentTarget.value);
          setMissing(false);
        }}
        error={missing ? say('missing') : undefined}
        maxLength={64}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        size="md"
      />
      <div className="dk-start">
        <Button type="submit" className="dk-connect">
          {action}
        </Button>
      </div>
    </form>
  );
}
