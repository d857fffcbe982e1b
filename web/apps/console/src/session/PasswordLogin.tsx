import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { useState, type FormEvent } from 'react';
import type { Session } from '../api/views';
import { signInByPassword } from './opaque';
import { sessionTexts } from './texts';

/** PasswordLogin is the second way in, for people whom an administrator allows it. */
export function PasswordLogin({ busy, onEnter }: { busy: boolean; onEnter: (act: () => Promise<Session>) => void }) {
  const say = useTexts(sessionTexts);
  const [open, setOpen] = useState(false);
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [asked, setAsked] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (plain(login) === '' || password === '') return;
    onEnter(() => signInByPassword(plain(login), password));
  }

  if (!open) {
    return (
      <Button variant="default" onClick={() => setOpen(true)} disabled={busy}>
        {say('password.open')}
      </Button>
    );
  }
  return (
    <form onSubmit={submit} noValidate aria-label={say('password.open')}>
      <Stack gap="sm">
        <ImeInput
          label={say('password.login')}
          value={login}
          onChange={setLogin}
          autoComplete="username"
          maxLength={64}
          required
          autoFocus
          error={asked && plain(login) === '' ? say('password.missing.login') : undefined}
        />
        <PasswordInput
          label={say('password.word')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          maxLength={128}
          required
          visibilityToggleButtonProps={{ 'aria-label': say('password.show'), tabIndex: 0 }}
          error={asked && password === '' ? say('password.missing.word') : undefined}
        />
        <Button type="submit" loading={busy}>
          {say('password.enter')}
        </Button>
        <Text size="sm">{say('password.only')}</Text>
      </Stack>
    </form>
  );
}
