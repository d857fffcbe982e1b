import { Button, Group, Text } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { useState } from 'react';
import { ruleTexts } from './texts';

/** Global shows what no text of the centre can lift. */
export function Global({ text }: { text: string }) {
  const say = useTexts(ruleTexts);
  const [shown, setShown] = useState(false);
  return (
    <section className="co-block" aria-labelledby="global">
      <Group justify="space-between">
        <h2 id="global">{say('global')}</h2>
        <Button variant="default" size="compact-md" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {say(shown ? 'global.hide' : 'global.show')}
        </Button>
      </Group>
      <Text size="sm">{say('global.help')}</Text>
      {shown && (
        <pre className="co-cedar-text" tabIndex={0} aria-label={say('global')}>
          {text}
        </pre>
      )}
    </section>
  );
}
