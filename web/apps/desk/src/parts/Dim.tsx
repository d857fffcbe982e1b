import { useTexts } from '@sekisho/ui/language';
import { workTexts } from '../workTexts';

/** Dim is the gentle warning before the screen closes for absence: 3, 2, 1. */
export function Dim({ countdown }: { countdown: number }) {
  const say = useTexts(workTexts);
  return (
    <div className="dk-dim" role="alert">
      <div className="dk-dim-card">
        <h2 className="dk-dim-title">{say('dim.title')}</h2>
        <p>{say('dim.body')}</p>
        <p className="dk-dim-count sk-numbers" aria-hidden="true">
          {countdown > 0 ? countdown : '\u00a0'}
        </p>
        <p className="dk-small">{countdown > 0 ? say('dim.count', { seconds: countdown }) : '\u00a0'}</p>
      </div>
    </div>
  );
}
