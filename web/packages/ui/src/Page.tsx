import type { ReactNode } from 'react';
import { GateMark } from './icons';
import { LanguageSwitch } from './LanguageSwitch';
import { useTexts } from './language';
import { uiTexts } from './texts';

export type PageProps = {
  /** place names this surface beside the brand: オペレーター画面, 管理画面. */
  place: string;
  /** strips are the banners that must stay visible: demonstration, software key. */
  strips?: ReactNode;
  /** header goes between the brand and the language switch. */
  header?: ReactNode;
  /** dark is for a screen that is closed. */
  dark?: boolean;
  /** end goes to the far end of the header, before the language switch. */
  end?: ReactNode;
  children: ReactNode;
};

/** Page is the frame of every screen: skip link, banners, header, one main landmark. */
export function Page({ place, strips, header, end, dark = false, children }: PageProps) {
  const say = useTexts(uiTexts);
  return (
    <div className={dark ? 'sk-page sk-dark' : 'sk-page'}>
      <a className="sk-skip" href="#main" onClick={focusMain}>
        {say('skip')}
      </a>
      {strips}
      <header className="sk-header">
        <span className="sk-brand">
          <GateMark />
          <span className="sk-brand-name">{say('brand.name')}</span>
          <span className="sk-brand-place">{place}</span>
        </span>
        {header}
        <div className="sk-header-end">
          {end}
          <LanguageSwitch />
        </div>
      </header>
      <main id="main" className="sk-main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

// The fragment may carry a ticket, so the skip link moves focus without touching it.
function focusMain(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
