import { Button, Loader } from '@mantine/core';
import { useLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { ConsentText, type ConsentAnswer } from '@sekisho/wire/desk';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useEffect, useState } from 'react';
import { Heading } from '../parts/Heading';
import { Sheet } from '../parts/Sheet';
import { useSeat, useWorkplace } from '../place';
import { deskTexts } from '../texts';
import { withdrawTexts } from '../withdrawTexts';

/** Consent shows the text and takes the answer; both answers weigh the same. */
export function Consent() {
  const say = useTexts(deskTexts);
  const gone = useTexts(withdrawTexts);
  const { language } = useLanguage();
  const workplace = useWorkplace();
  const [text, setText] = useState<ConsentText | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  const [sending, setSending] = useState(false);
  const { withdrawn, me } = useSeat();
  const [after, setAfter] = useState<'text' | 'refused' | 'withdrawn'>(withdrawn ? 'withdrawn' : 'text');

  useEffect(() => {
    const stop = new AbortController();
    setProblem(null);
    workplace.desk.ask('GET', `consent?lang=${language}`, ConsentText, undefined, stop.signal).then(setText, (thrown: unknown) => {
      if (!stop.signal.aborted) setProblem(problemOf(thrown));
    });
    return () => stop.abort();
  }, [workplace, language, tries]);

  async function answer(accept: boolean): Promise<void> {
    if (!text) return;
    setSending(true);
    setProblem(null);
    try {
      await workplace.desk.tell('POST', 'consent', { version: text.version, accept } satisfies ConsentAnswer);
      if (accept) workplace.refresh();
      else setAfter('refused');
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setSending(false);
    }
  }

  if (after !== 'text') {
    const words = after === 'refused' ? { title: say('refused.title'), body: say('refused.body') } : { title: gone('done'), body: gone('done.what') };
    return <AfterRefusal {...words} onBack={() => setAfter('text')} onOther={() => workplace.goByApproval()} />;
  }
  if (!text) {
    return <Sheet steps>{problem ? <ProblemNotice problem={problem} onRetry={() => setTries(tries + 1)} /> : <Loader size="sm" />}</Sheet>;
  }
  return (
    <Sheet steps wide>
      <Heading>{text.title}</Heading>
      <p className="dk-small">{say('consent.version', { version: text.version })}</p>
      {me?.person.lapsed && <p className="dk-caution">{say('consent.lapsed')}</p>}
      <dl className="dk-consent">
        {(['purpose', 'kept', 'refusal', 'responsible', 'contact'] as const).map((part) => (
          <div key={part}>
            <dt>{say(`consent.${part}`)}</dt>
            <dd>{text[part]}</dd>
          </div>
        ))}
      </dl>
      {problem && <ProblemNotice problem={problem} />}
      {problem?.code === 'shared.prove_first' && (
        <div className="dk-actions">
          <Button size="md" variant="default" onClick={() => workplace.goByApproval()}>
            {say('refused.other')}
          </Button>
        </div>
      )}
      <p className="dk-small">{say('consent.note')}</p>
      <div className="dk-actions dk-actions-even">
        <Button size="md" variant="default" disabled={sending} onClick={() => void answer(false)}>
          {say('consent.refuse')}
        </Button>
        <Button size="md" disabled={sending} onClick={() => void answer(true)}>
          {say('consent.accept')}
        </Button>
      </div>
    </Sheet>
  );
}

function AfterRefusal({ title, body, onBack, onOther }: { title: string; body: string; onBack: () => void; onOther: () => void }) {
  const say = useTexts(deskTexts);
  return (
    <Sheet steps>
      <Heading>{title}</Heading>
      <p>{body}</p>
      <div className="dk-actions">
        <Button size="md" variant="default" onClick={onBack}>
          {say('refused.back')}
        </Button>
        <Button size="md" onClick={onOther}>
          {say('refused.other')}
        </Button>
      </div>
    </Sheet>
  );
}
