import { useTexts } from '@sekisho/ui/language';
import { useEffect, type ReactNode } from 'react';
import { shellTexts } from '../shell/texts';

/** PageHead is the title of a screen with its acts at the end; it names the browser's tab too. */
export function PageHead({ title, lead, children }: { title: string; lead?: string | undefined; children?: ReactNode }) {
  const say = useTexts(shellTexts);
  const place = say('place');
  useEffect(() => {
    document.title = `${title} | ${place}`;
  }, [title, place]);
  return (
    <div className="co-head">
      <div className="co-head-words">
        <h1>{title}</h1>
        {lead && <p>{lead}</p>}
      </div>
      {children && <div className="co-head-acts">{children}</div>}
    </div>
  );
}
