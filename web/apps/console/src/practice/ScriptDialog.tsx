import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf } from '@sekisho/wire/problem';
import { useState } from 'react';
import { api } from '../api/client';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { practiceKey } from './queries';
import { practiceTexts } from './texts';
import { Script } from './views';

/** ScriptDialog checks a file of scenarios first and says what is wrong by line and field; then all of it is stored, or nothing. */
export function ScriptDialog({ onClose }: { onClose: () => void }) {
  const say = useTexts(practiceTexts);
  const parts = useTexts(partTexts);
  const { language } = useLanguage();
  const [text, setText] = useState('');
  const [told, setTold] = useState<Script | null>(null);
  const send = useAct((dry: boolean) => api.ask('POST', '/training/practice/import', Script, { text, dry }), practiceKey);
  const ask = (dry: boolean) => send.mutate(dry, { onSuccess: setTold });
  const good = told !== null && told.faults.length === 0;
  return (
    <Dialog title={say('import.title')} size="xl" onClose={onClose}>
      <Stack gap="md">
        <p className="co-quiet">{say('import.lead')}</p>
        <Textarea
          label={say('import.field')}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setTold(null);
          }}
          rows={10}
          spellCheck={false}
          data-autofocus
        />
        {send.isError && <ProblemNotice problem={problemOf(send.error)} />}
        <div role="status">
          {good && (
            <div className="co-note" data-tone="open">
              <div>
                <p>{say(told.stored ? 'import.done' : 'import.good')}</p>
                <ul>
                  {told.scenarios.map((one) => (
                    <li key={one.id}>{one.fate === 'version' ? say('fate.version', { title: one.title[language], version: one.version }) : say(`fate.${one.fate}`, { title: one.title[language] })}</li>
                  ))}
                </ul>
              </div>
            </div>
          )}
          {told !== null && told.faults.length > 0 && (
            <div className="co-note" data-tone="closed">
              <div>
                <p>{say('import.faults')}</p>
                <ul>
                  {told.faults.map((fault, i) => (
                    <li key={i}>
                      {fault.field === '' ? say('import.line', { line: fault.line, title: fault.title }) : say('import.line.field', { line: fault.line, field: fault.field, title: fault.title })} {fault.action}
                    </li>
                  ))}
                </ul>
              </div>
            </div>
          )}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {parts(told?.stored ? 'close' : 'cancel')}
          </Button>
          {!told?.stored && (
            <Button variant={good ? 'default' : 'filled'} disabled={text.trim() === ''} loading={send.isPending} onClick={() => ask(true)}>
              {say('import.check')}
            </Button>
          )}
          {good && !told.stored && <Button onClick={() => ask(false)}>{say('import.do')}</Button>}
        </Group>
      </Stack>
    </Dialog>
  );
}
