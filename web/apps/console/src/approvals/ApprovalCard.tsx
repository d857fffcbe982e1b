import { Button, Group } from '@mantine/core';
import { ImeInput } from '@sekisho/ui/ImeInput';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { CameraIcon, LineIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { dateTime, elapsed } from '@sekisho/ui/time';
import { problemOf } from '@sekisho/wire/problem';
import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import { Approval } from '../api/views';
import { Confirm } from '../parts/Confirm';
import { Facts } from '../parts/Facts';
import { Mark } from '../parts/Mark';
import { useAct } from '../parts/useAct';
import { codeOf } from './code';
import { approvalTexts } from './texts';

type Answer = { approve: boolean; code: string };

/** ApprovalCard asks for the number that only the asker's screen shows; typing it is the comparison. */
export function ApprovalCard({ approval, now, watches, onDone }: { approval: Approval; now: number; watches: boolean; onDone: (words: string) => void }) {
  const say = useTexts(approvalTexts);
  const { language } = useLanguage();
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState(false);
  const [refusing, setRefusing] = useState(false);
  const decide = useAct((answer: Answer) => api.ask('POST', `/approvals/${encodeURIComponent(approval.id)}/decide`, Approval, answer), keys.approvals);
  const left = approval.expires === null ? 0 : Date.parse(approval.expires) - now;
  const code = codeOf(typed);

  async function approve(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (code === '') return;
    try {
      await decide.mutateAsync({ approve: true, code });
      onDone(say('done.approved', { name: approval.name }));
    } catch {
      setTyped(''); // decide.error is shown
      setAsked(false);
    }
  }

  return (
    <article className="co-approval" aria-labelledby={`who-${approval.id}`}>
      <header>
        <Mark tone="attention" icon={approval.kind === 'face_enrolment' ? <CameraIcon size={16} /> : <LineIcon size={16} />}>
          {say(`kind.${approval.kind}`)}
        </Mark>
        <span className="co-left sk-numbers">{left > 0 ? say('left', { left: elapsed(left) }) : say('left.none')}</span>
      </header>
      <h2 id={`who-${approval.id}`}>{approval.name}</h2>
      <p>{say(`what.${approval.kind}`)}</p>
      <Facts
        facts={[
          approval.device === '' ? { label: say('by'), value: approval.asked_by || approval.name } : { label: say('pc'), value: approval.asset_tag },
          { label: say('asked'), value: approval.asked === null ? '' : dateTime(approval.asked, language) },
          ...(approval.note === '' ? [] : [{ label: say('note'), value: approval.note }]),
        ]}
      />
      {approval.kind === 'face_enrolment' && watches && (
        <div className="co-watch">
          <p>{say(approval.video ? 'watch.needed' : 'watch.may')}</p>
          <Button
            renderRoot={(props) => <Link to="/approvals/watch/$id" params={{ id: approval.id }} {...props} />}
            variant={approval.video ? 'filled' : 'default'}
            leftSection={<CameraIcon size={18} />}
            aria-label={say('watch.of', { name: approval.name })}
          >
            {say('watch')}
          </Button>
        </div>
      )}
      <form onSubmit={(event) => void approve(event)} noValidate>
        {!approval.video && (
          <ImeInput
            label={say('code')}
            description={say('code.help')}
            value={typed}
            onChange={setTyped}
            inputMode="numeric"
            autoComplete="off"
            maxLength={8}
            className="co-code-input"
            error={asked && code === '' ? say('code.missing') : undefined}
          />
        )}
        {decide.isError && <ProblemNotice problem={problemOf(decide.error)} />}
        <Group>
          {!approval.video && (
            <Button type="submit" loading={decide.isPending} disabled={left <= 0}>
              {say('approve')}
            </Button>
          )}
          <Button variant="default" onClick={() => setRefusing(true)} disabled={decide.isPending}>
            {say('refuse')}
          </Button>
        </Group>
      </form>
      {refusing && (
        <Confirm
          title={say('refuse.title', { name: approval.name })}
          consequences={[say('refuse.1'), say('refuse.2')]}
          action={say('refuse')}
          danger
          reason="none"
          onConfirm={() => decide.mutateAsync({ approve: false, code: '' })}
          onDone={() => onDone(say('done.refused', { name: approval.name }))}
          onClose={() => setRefusing(false)}
        />
      )}
    </article>
  );
}
