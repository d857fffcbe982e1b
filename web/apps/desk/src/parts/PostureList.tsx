import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import type { PostureChecked } from '@sekisho/wire/desk';
import type { Problem } from '@sekisho/wire/problem';
import { postureTexts } from '../postureTexts';
import { usePosture } from '../usePosture';

/** aboutPosture says whether a problem is one of the PC's state, so that its checks belong beside it. */
export function aboutPosture(problem: Problem | null | undefined): boolean {
  return problem?.code.startsWith('posture.') ?? false;
}

/** DeskProblem is a problem and, where the PC's state is the reason, what has to be put right. */
export function DeskProblem({ problem }: { problem: Problem }) {
  return (
    <>
      <ProblemNotice problem={problem} />
      {aboutPosture(problem) && <PostureList />}
    </>
  );
}

/** PostureList names every check that stands in the way, what was seen and what to do. */
export function PostureList() {
  const say = useTexts(postureTexts);
  const standing = usePosture(15_000);
  if (standing === null) return <p role="status">{say('looking')}</p>;
  const failing = standing.checks.filter((check) => check.failing && check.level === 'close');
  if (failing.length === 0) return standing.refused ? <p role="status">{say('looking')}</p> : <p role="status">{say('good')}</p>;
  return (
    <section className="dk-posture" aria-labelledby="posture-list">
      <h2 id="posture-list">{say('list')}</h2>
      <Checks checks={failing} />
      <p className="dk-small">{say('waiting')}</p>
    </section>
  );
}

/** Checks are checks with what was seen of each and what to do. */
export function Checks({ checks }: { checks: PostureChecked[] }) {
  return (
    <ul>
      {checks.map((check) => (
        <li key={check.check}>
          <p>
            <strong>{check.name}</strong>
            <span>{check.seen}</span>
          </p>
          <p>{check.do}</p>
        </li>
      ))}
    </ul>
  );
}
