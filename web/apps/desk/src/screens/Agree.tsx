import { Button } from '@mantine/core';
import { EyeIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import type { Problem } from '@sekisho/wire/problem';
import { deskTexts } from '../texts';

export type AgreeProps = { name: string; problem: Problem | null; answering: boolean; onAnswer: (accept: boolean) => void };

/** Agree says who will watch by video, what is seen, and asks before the camera is on. */
export function Agree({ name, problem, answering, onAnswer }: AgreeProps) {
  const say = useTexts(deskTexts);
  return (
    <div className="dk-agree">
      <p className="dk-agree-who" role="status">
        <EyeIcon size={22} />
        <strong>{say('watched.title', { name })}</strong>
      </p>
      <p>{say('watched.body', { name })}</p>
      <ul>
        <li>{say('watched.1', { name })}</li>
        <li>{say('watched.2', { name })}</li>
        <li>{say('watched.3')}</li>
      </ul>
      {problem && <ProblemNotice problem={problem} />}
      <div className="dk-actions">
        <Button size="md" loading={answering} onClick={() => onAnswer(true)}>
          {say('watched.yes')}
        </Button>
        <Button size="md" variant="default" disabled={answering} onClick={() => onAnswer(false)}>
          {say('watched.no')}
        </Button>
      </div>
    </div>
  );
}
