import { Button, PasswordInput, Stack } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useState, type FormEvent } from 'react';
import type { Invited } from '../api/views';
import { countedList, ownNames, passwordFaults, type PasswordFault } from './strength';
import { sessionTexts } from './texts';

/** NewPassword asks for a new password twice, and says what is wrong with it. */
export function NewPassword({ invited, busy, onSet }: { invited: Invited; busy: boolean; onSet: (password: string) => void }) {
  const say = useTexts(sessionTexts);
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [asked, setAsked] = useState<{ password: string; faults: (PasswordFault | 'unchecked')[] } | null>(null);
  const [looking, setLooking] = useState(false);
  const faults = asked?.password === password ? asked.faults : [];

  async function submit(event: FormEvent) {
    event.preventDefault();
    setLooking(true);
    let found: (PasswordFault | 'unchecked')[];
    try {
      found = passwordFaults(password, ownNames(invited.login, invited.name, location.hostname), await countedList());
    } catch {
      found = ['unchecked']; // the list did not come: nothing is set that was not looked up
    }
    setLooking(false);
    setAsked({ password, faults: found });
    if (found.length === 0 && password === again) onSet(password);
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate aria-labelledby="new-password">
      <Stack gap="sm">
        <h2 id="new-password">{say('password.title')}</h2>
        <p>{say('password.lead', { name: invited.name, login: invited.login })}</p>
        {/* For password managers: whose password this is. */}
        <input type="text" autoComplete="username" value={invited.login} readOnly hidden />
        <PasswordInput
          label={say('password.new')}
          description={say('password.rule')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="new-password"
          maxLength={128}
          required
          visibilityToggleButtonProps={{ 'aria-label': say('password.show'), tabIndex: 0 }}
          error={faults.length > 0 ? faults.map((fault) => say(`fault.${fault}`)).join(' ') : undefined}
        />
        <PasswordInput
          label={say('password.again')}
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
          autoComplete="new-password"
          maxLength={128}
          required
          visibilityToggleButtonProps={{ 'aria-label': say('password.show'), tabIndex: 0 }}
          error={asked && password !== again ? say('fault.differs') : undefined}
        />
        <Button type="submit" loading={busy || looking}>
          {say('password.save')}
        </Button>
      </Stack>
    </form>
  );
}
