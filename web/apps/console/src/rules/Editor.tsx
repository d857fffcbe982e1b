import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { CheckIcon, InfoIcon } from '@sekisho/ui/icons';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '../api/client';
import { ruleKeys } from '../api/ruleQueries';
import { RulesCheck, RulesVersion, type Rules } from '../api/ruleViews';
import { useAct } from '../parts/useAct';
import { Checked } from './Checked';
import { Global } from './Global';
import type { Loaded } from './RulesPage';
import { lineAt } from './lineAt';
import { Templates } from './Templates';
import { ruleTexts } from './texts';

type EditorProps = { rules: Rules; may: boolean; loaded: Loaded | null; onSaved: () => void };

/** Editor changes the text: checked before it can be saved, and saved only as it was checked. */
export function Editor({ rules, may, loaded, onSaved }: EditorProps) {
  const say = useTexts(ruleTexts);
  const [text, setText] = useState(loaded?.text ?? rules.text);
  const field = useRef<HTMLTextAreaElement>(null);
  const [note, setNote] = useState('');
  const [missing, setMissing] = useState(false);
  const check = useMutation({ mutationFn: (sent: string) => api.ask('POST', '/rules/check', RulesCheck, { text: sent }) });
  const put = useAct((body: { seen: number; text: string; note: string }) => api.ask('PUT', '/rules', RulesVersion, body), ruleKeys.rules, ruleKeys.refusals);
  const fresh = check.isSuccess && check.variables === text; // what was checked is what stands here
  const sound = fresh && check.data.faults.length === 0;
  const changed = text !== rules.text;
  const name = rules.version.number === 0 ? say('version.builtin') : say('version', { version: rules.version.number });

  /** select puts the cursor where a fault is. */
  function select(line: number) {
    const [from, to] = lineAt(text, line);
    field.current?.focus();
    field.current?.setSelectionRange(from, to);
  }

  function save() {
    setMissing(plain(note) === '');
    if (plain(note) === '' || !sound) return;
    put.mutate({ seen: rules.version.number, text, note: plain(note) }, { onSuccess: onSaved });
  }

  return (
    <Stack gap="md">
      {loaded && (
        <p className="co-note" data-tone="attention" role="status">
          <InfoIcon size={18} />
          <span>{say('back.loaded', { version: loaded.from })}</span>
        </p>
      )}
      <Textarea
        ref={field}
        label={`${say('text')} — ${name}`}
        description={may ? say('text.help') : undefined}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        readOnly={!may}
        autosize
        minRows={12}
        maxRows={28}
        maxLength={262144}
        spellCheck={false}
        classNames={{ input: 'co-cedar' }}
      />
      {may && <Templates rules={rules} text={text} onAdd={setText} />}
      {may && (
        <Group>
          <Button variant="default" leftSection={<CheckIcon size={18} />} loading={check.isPending} onClick={() => check.mutate(text)}>
            {say('check')}
          </Button>
          {changed && !fresh && <Text size="sm">{say('save.first')}</Text>}
        </Group>
      )}
      {check.isError && <ProblemNotice problem={problemOf(check.error)} />}
      {fresh && <Checked check={check.data} onLine={select} />}
      {sound && changed && (
        <Stack gap="sm">
          <ImeInput label={say('note')} description={say('note.help')} value={note} onChange={setNote} maxLength={200} required error={missing ? say('note.missing') : undefined} />
          {put.isError && <ProblemNotice problem={problemOf(put.error)} />}
          <Group>
            <Button loading={put.isPending} onClick={save}>
              {say('save')}
            </Button>
          </Group>
        </Stack>
      )}
      <Global text={rules.global} />
    </Stack>
  );
}
