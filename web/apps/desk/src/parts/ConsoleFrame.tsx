import { currentLanguage, useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { problemOf, type Problem } from '@sekisho/wire/problem';
import { useEffect, useState } from 'react';
import { consoleTexts } from '../consoleTexts';
import { useWorkplace } from '../place';

// Of the sandbox all but what the console needs: it opens no window that would
// outlive the black screen, saves no file and prints nothing. Its scripts are of
// our own origin, so this holds mistakes, not attacks.
const sandbox = 'allow-scripts allow-same-origin allow-forms';

/**
 * ConsoleFrame shows the console inside the desk. It lives in the work screen: when
 * that goes black, the frame is gone in the same commit, with all it held.
 */
export function ConsoleFrame({ covered }: { covered: boolean }) {
  const say = useTexts(consoleTexts);
  const workplace = useWorkplace();
  const [address, setAddress] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    setProblem(null);
    workplace.consoleTicket(stop.signal).then(
      (ticket) => setAddress(`/console/#${new URLSearchParams({ ticket, lang: currentLanguage() }).toString()}`),
      (thrown: unknown) => {
        if (!stop.signal.aborted) setProblem(problemOf(thrown));
      },
    );
    return () => stop.abort();
  }, [workplace, tries]);

  return (
    <div className="dk-console" inert={covered}>
      {problem && (
        <div className="dk-work-notice">
          <ProblemNotice problem={problem} onRetry={() => setTries(tries + 1)} />
        </div>
      )}
      {!problem && address === null && (
        <p className="dk-work-notice" role="status">
          {say('opening')}
        </p>
      )}
      {!problem && address !== null && <iframe title={say('title')} src={address} sandbox={sandbox} allow="publickey-credentials-get; publickey-credentials-create" />}
    </div>
  );
}
