import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf } from '@sekisho/wire/problem';
import type { QueryKey } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Dialog } from './Dialog';
import { partTexts } from './texts';
import { useAct } from './useAct';

type Word = 'import.lead' | 'import.field' | 'import.faults' | 'import.check' | 'import.do';
type Told = { stored: boolean; faults: unknown[] };
type ImportDialogProps<T extends Told> = {
  title: string;
  say: (word: Word) => string;
  send: (text: string, dry: boolean) => Promise<T>;
  refresh: QueryKey;
  good: (told: T) => ReactNode;
  fault: (fault: T['faults'][number]) => ReactNode;
  onClose: () => void;
};

/** ImportDialog checks a text first and says what is wrong with it; then all of it is stored, or nothing. */
export function ImportDialog<T extends Told>({ title, say, send, refresh, good, fault, onClose }: ImportDialogProps<T>) {
  const parts = useTexts(partTexts);
  const [text, setText] = useState('');
  const [told, setTold] = useState<T | null>(null);
  const act = useAct((dry: boolean) => send(text, dry), refresh);
  const ask = (dry: boolean) => act.mutate(dry, { onSuccess: setTold });
  const sound = told !== null && told.faults.length === 0;
  return (
    <Dialog title={title} size="xl" onClose={onClose}>
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
        {act.isError && <ProblemNotice problem={problemOf(act.error)} />}
        <div role="status">
          {sound && (
            <div className="co-note" data-tone="open">
              <div>{good(told)}</div>
            </div>
          )}
          {told !== null && !sound && (
            <div className="co-note" data-tone="closed">
              <div>
                <p>{say('import.faults')}</p>
                <ul>
                  {told.faults.map((one, i) => (
                    <li key={i}>{fault(one)}</li>
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
            <Button variant={sound ? 'default' : 'filled'} disabled={text.trim() === ''} loading={act.isPending} onClick={() => ask(true)}>
              {say('import.check')}
            </Button>
          )}
          {sound && !told.stored && <Button onClick={() => ask(false)}>{say('import.do')}</Button>}
        </Group>
      </Stack>
    </Dialog>
  );
}
