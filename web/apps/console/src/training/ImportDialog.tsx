import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf } from '@sekisho/wire/problem';
import { useState } from 'react';
import { api } from '../api/client';
import { Dialog } from '../parts/Dialog';
import { partTexts } from '../parts/texts';
import { useAct } from '../parts/useAct';
import { trainingKeys } from './queries';
import { trainingTexts } from './texts';
import { Imported, type Course } from './views';

/** ImportDialog checks a GIFT file first and says what is wrong by line; then all of it is stored, or nothing. */
export function ImportDialog({ course, onClose }: { course: Course; onClose: () => void }) {
  const say = useTexts(trainingTexts);
  const parts = useTexts(partTexts);
  const { language } = useLanguage();
  const [text, setText] = useState('');
  const [told, setTold] = useState<Imported | null>(null);
  const send = useAct((dry: boolean) => api.ask('POST', `/training/courses/${encodeURIComponent(course.id)}/import`, Imported, { text, dry }), trainingKeys.courses);
  const ask = (dry: boolean) => send.mutate(dry, { onSuccess: setTold });
  const good = told !== null && told.faults.length === 0;
  return (
    <Dialog title={say('course.act', { title: course.title[language], act: say('import.title') })} size="xl" onClose={onClose}>
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
            <p className="co-note" data-tone="open">
              {say(told.stored ? 'import.done' : 'import.good', { count: told.questions })}
            </p>
          )}
          {told !== null && told.faults.length > 0 && (
            <div className="co-note" data-tone="closed">
              <div>
                <p>{say('import.faults')}</p>
                <ul>
                  {told.faults.map((fault, i) => (
                    <li key={i}>
                      {say('import.line', { line: fault.line, title: fault.title })} {fault.action}
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
