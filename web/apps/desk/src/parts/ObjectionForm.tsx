import { Button, Textarea } from '@mantine/core';
import { plain } from '@sekisho/ui/ime';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useState } from 'react';
import { useWorkplace } from '../place';
import { workTexts } from '../workTexts';

export type ObjectionFormProps = { incident: string; title: string; onDone: (sent: boolean) => void };

/** ObjectionForm takes the operator's own words about a detection. What is not sent yet is kept until the work ends, whatever closes the form. */
export function ObjectionForm({ incident, title, onDone }: ObjectionFormProps) {
  const say = useTexts(workTexts);
  const workplace = useWorkplace();
  const [note, setNote] = useState(workplace.drafts.get(incident) ?? '');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  async function send(): Promise<void> {
    setSending(true);
    try {
      await workplace.desk.tell('POST', `records/${encodeURIComponent(incident)}/objection`, { note: plain(note) });
      workplace.drafts.delete(incident);
      onDone(true);
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setSending(false);
    }
  }
  return (
    <form
      className="dk-objection"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Textarea
        autoFocus={note === ''}
        autosize
        minRows={2}
        maxLength={200}
        label={say('records.object.note')}
        description={say('records.object.hint')}
        value={note}
        onChange={(event) => {
          workplace.drafts.set(incident, event.currentTarget.value);
          setNote(event.currentTarget.value);
        }}
      />
      {problem && <ProblemNotice problem={problem} />}
      <div className="dk-actions">
        <Button
          variant="default"
          size="compact-md"
          onClick={() => {
            workplace.drafts.delete(incident);
            onDone(false);
          }}
        >
          {say('records.object.cancel')}
        </Button>
        <Button type="submit" size="compact-md" loading={sending} disabled={plain(note) === ''}>
          {say('records.object.send')}
        </Button>
      </div>
    </form>
  );
}
