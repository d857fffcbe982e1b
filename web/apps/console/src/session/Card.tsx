import { Page } from '@sekisho/ui/Page';
import { useTexts } from '@sekisho/ui/language';
import { useEffect, type ReactNode } from 'react';
import { Banner } from '../shell/Banner';
import { shellTexts } from '../shell/texts';

/** Card is the frame of the few screens that come before signing in. */
export function Card({ title, lead, demo, children }: { title: string; lead?: string; demo: boolean; children: ReactNode }) {
  const say = useTexts(shellTexts);
  const place = say('place');
  useEffect(() => {
    document.title = `${title} | ${place}`;
  }, [title, place]);
  return (
    <Page place={place} strips={<Banner demo={demo} />}>
      <div className="co-card-field">
        <section className="co-card">
          <h1>{title}</h1>
          {lead && <p className="co-card-lead">{lead}</p>}
          {children}
        </section>
      </div>
    </Page>
  );
}
