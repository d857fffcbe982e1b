import { Button } from '@mantine/core';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useEffect, useRef, useState } from 'react';
import { useWorkplace } from '../place';
import { withdrawTexts } from '../withdrawTexts';

/** Withdraw takes the consent back: it asks once, and says before what will happen. */
export function Withdraw() {
  const say = useTexts(withdrawTexts);
  const workplace = useWorkplace();
  const [asked, setAsked] = useState(false);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const question = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    if (asked) question.current?.focus();
  }, [asked]);

  async function withdraw(): Promise<void> {
    setSending(true);
    setProblem(null);
    try {
      await workplace.withdraw(); // then another screen stands here
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setSending(false);
    }
  }

  if (!asked) {
    return (
      <section className="dk-aside" aria-labelledby="withdraw-title">
        <h2 id="withdraw-title">{say('title')}</h2>
        <p>{say('given')}</p>
        <Button size="compact-md" variant="default" onClick={() => setAsked(true)}>
          {say('ask')}
        </Button>
      </section>
    );
  }
  return (
    <section className="dk-aside" aria-labelledby="withdraw-sure">
      <h2 id="withdraw-sure" tabIndex={-1} ref={question}>
        {say('sure')}
      </h2>
      <p>{say('what')}</p>
      <p>{say('then')}</p>
      {problem && <ProblemNotice problem={problem} />}
      <div className="dk-actions dk-actions-even">
        <Button size="md" variant="default" disabled={sending} onClick={() => setAsked(false)}>
          {say('no')}
        </Button>
        <Button size="md" disabled={sending} onClick={() => void withdraw()}>
          {say('yes')}
        </Button>
      </div>
    </section>
  );
}
