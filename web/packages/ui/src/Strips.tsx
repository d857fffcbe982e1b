import { WarnIcon } from './icons';
import { useTexts } from './language';
import { uiTexts, type UiKey } from './texts';

export type StripsProps = { demo: boolean; tierC: boolean; demoEngine?: boolean; notice?: string };

/** Strips are the banners that nobody may close: what here is not the real thing. */
export function Strips({ demo, tierC, demoEngine = false, notice = '' }: StripsProps) {
  const say = useTexts(uiTexts);
  const shown: UiKey[] = [];
  if (demo) shown.push('demo');
  if (tierC) shown.push('tier.c');
  if (demoEngine) shown.push('engine.demo');
  if (shown.length === 0 && notice === '') return null;
  return (
    <section className="sk-strips" aria-label={say('strips')}>
      {notice !== '' && (
        <p className="sk-strip sk-notice" role="alert">
          <WarnIcon size={16} />
          <strong>{say('notice')}</strong>
          <span>{notice}</span>
        </p>
      )}
      {shown.map((key) => (
        <p key={key} className="sk-strip">
          <WarnIcon size={16} />
          <span>{say(key)}</span>
        </p>
      ))}
    </section>
  );
}
