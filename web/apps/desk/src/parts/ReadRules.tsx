import { Button, Loader } from '@mantine/core';
import { BackIcon } from '@sekisho/ui/icons';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { RuleDifference, RuleText } from '@sekisho/ui/RuleText';
import { RuleDocument, type TrainingDocument } from '@sekisho/wire/training';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useEffect, useState } from 'react';
import { useWorkplace } from '../place';
import { trainingTexts } from '../trainingTexts';
import { Heading } from './Heading';

/** ReadRules shows a rule document, first what changed since it was acknowledged last, and has it signed for. */
export function ReadRules({ document, live, onBack }: { document: TrainingDocument; live: boolean; onBack: () => void }) {
  const say = useTexts(trainingTexts);
  const { language } = useLanguage();
  const workplace = useWorkplace();
  const [read, setRead] = useState<RuleDocument | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    setProblem(null);
    workplace.desk.ask('GET', `training/documents/${encodeURIComponent(document.id)}`, RuleDocument, undefined, stop.signal).then(setRead, (thrown: unknown) => {
      if (!stop.signal.aborted) setProblem(problemOf(thrown));
    });
    return () => stop.abort();
  }, [workplace, document.id, tries]);

  async function sign(): Promise<void> {
    if (!read) return;
    setSending(true);
    setProblem(null);
    try {
      await workplace.acknowledge({ document: read.document.id, version: read.document.version, language });
      onBack();
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setSending(false);
    }
  }

  const open = read !== null && read.document.required && read.document.done === null;
  return (
    <div className="dk-quiz">
      <Button variant="subtle" size="compact-md" leftSection={<BackIcon size={18} />} onClick={onBack}>
        {say('back.list')}
      </Button>
      <Heading>{(read?.document ?? document).title[language]}</Heading>
      <p className="dk-small">
        {say(`level.${document.level}`)} / {say('document.version', { version: (read?.document ?? document).version })}
      </p>
      {!read && !problem && <Loader size="sm" aria-label={say('list.title')} />}
      {read && read.since > 0 && (
        <section className="dk-quiz-why">
          <h2>{say('read.changed', { version: read.since })}</h2>
          <RuleDifference lines={read.changes[language]} />
        </section>
      )}
      {read && read.since > 0 && <h2>{say('read.whole')}</h2>}
      {read && <RuleText body={read.body[language]} heading={read.since > 0 ? 'h3' : 'h2'} />}
      {problem && <ProblemNotice problem={problem} onRetry={() => setTries(tries + 1)} />}
      {open && (
        <>
          <p className="dk-small">{say(live ? 'read.what.live' : 'read.what')}</p>
          <div className="dk-actions">
            <Button size="md" loading={sending} onClick={() => void sign()}>
              {say('read.sign')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
