import { Strips } from '@sekisho/ui/Strips';
import { useTexts } from '@sekisho/ui/language';
import { shellTexts } from './texts';

/** Banner holds what nobody may close, as a landmark of its own. */
export function Banner({ demo, notice = '' }: { demo: boolean; notice?: string }) {
  const say = useTexts(shellTexts);
  if (!demo && notice === '') return null;
  return (
    <section aria-label={say('banner')}>
      <Strips demo={demo} tierC={false} notice={notice} />
    </section>
  );
}
