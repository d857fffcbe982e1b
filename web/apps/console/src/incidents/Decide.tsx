import { Button, Radio, Stack, Textarea } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import type { Decision, IncidentDetail } from '../api/views';
import { Facts } from '../parts/Facts';
import { useAct } from '../parts/useAct';
import { DecisionMark } from './Marks';
import { incidentTexts } from './texts';

const choices = ['true', 'harmless', 'false'] as const satisfies readonly Decision[];

/** Decide shows the decision, or lets an officer make it: once, with a reason. */
export function Decide({ incident, officer }: { incident: IncidentDetail; officer: boolean }) {
  const say = useTexts(incidentTexts);
  const { language } = useLanguage();
  if (incident.decision !== '') {
    return (
      <section className="co-block" aria-labelledby="decide">
        <h2 id="decide">{say('decide')}</h2>
        <Facts
          facts={[
            { label: say('col.decision'), value: <DecisionMark decision={incident.decision} /> },
            { label: say('note'), value: incident.note },
            { label: say('decided.by'), value: incident.decided_by },
            { label: say('decided.at'), value: incident.decided === null ? '' : dateTime(incident.decided, language) },
          ]}
        />
      </section>
    );
  }
  return (
    <section className="co-block" aria-labelledby="decide">
      <h2 id="decide">{say('decide')}</h2>
      {officer ? <DecideForm incident={incident} /> : <p className="co-quiet">{say('not.decided')}</p>}
    </section>
  );
}

function DecideForm({ incident }: { incident: IncidentDetail }) {
  const say = useTexts(incidentTexts);
  const [decision, setDecision] = useState<Decision>('');
  const [note, setNote] = useState('');
  const [asked, setAsked] = useState(false);
  const decide = useAct(
    (body: { decision: Decision; note: string }) => api.tell('POST', `/incidents/${encodeURIComponent(incident.id)}/decide`, body),
    keys.incidents,
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    const words = note.normalize('NFKC').trim();
    if (decision === '' || words === '') return;
    decide.mutate({ decision, note: words });
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <p className="co-quiet">{say('decide.lead')}</p>
        <Radio.Group
          label={say('decide.choose')}
          value={decision}
          onChange={(value) => setDecision(choices.find((one) => one === value) ?? '')}
          error={asked && decision === '' ? say('decision.missing') : undefined}
        >
          <Stack gap="sm" mt="xs">
            {choices.map((choice) => (
              <Radio key={choice} value={choice} label={say(`decision.${choice}`)} description={say(`decision.${choice}.help`)} />
            ))}
          </Stack>
        </Radio.Group>
        <Textarea
          label={say('note')}
          description={say('note.help')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={1000}
          autosize
          minRows={2}
          required
          error={asked && note.trim() === '' ? say('note.missing') : undefined}
        />
        {decide.isError && <ProblemNotice problem={problemOf(decide.error)} />}
        <div>
          <Button type="submit" loading={decide.isPending}>
            {say('decide.do')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
