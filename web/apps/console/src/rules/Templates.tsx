import { Button, Group } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import type { Rules } from '../api/ruleViews';
import { PlusIcon } from '../parts/icons';
import { holds, joined, wordOf } from './template';
import { ruleTexts } from './texts';

/** Templates are policies in words; pressing one adds its text. */
export function Templates({ rules, text, onAdd }: { rules: Rules; text: string; onAdd: (text: string) => void }) {
  const say = useTexts(ruleTexts);
  return (
    <section aria-labelledby="templates" className="co-templates">
      <h2 id="templates">{say('templates')}</h2>
      <ul>
        {rules.templates.map((one) => {
          const word = wordOf(one.id);
          const name = word ? say(word) : one.id;
          const there = holds(text, one.id);
          return (
            <li key={one.id}>
              <Group gap="sm" wrap="nowrap" justify="space-between">
                <span>{name}</span>
                <Button variant="default" size="compact-sm" leftSection={there ? undefined : <PlusIcon size={16} />} disabled={there} onClick={() => onAdd(joined(text, one.text))} aria-label={say(there ? 'template.in.of' : 'template.add', { name })}>
                  {say(there ? 'template.in' : 'template.put')}
                </Button>
              </Group>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
