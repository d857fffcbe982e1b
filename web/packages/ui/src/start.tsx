import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { startLanguage } from './language';
import { shareNonce } from './nonce';
import { Provider } from './Provider';
import { trustOwn } from './trusted';

/** startApp mounts an app on #root with everything the strict policy needs. */
export function startApp(app: ReactNode, language: string | null): void {
  trustOwn();
  shareNonce();
  startLanguage(language);
  const root = document.getElementById('root');
  if (!root) throw new Error('ui: index.html has no #root');
  createRoot(root).render(
    <StrictMode>
      <Provider>{app}</Provider>
    </StrictMode>,
  );
}
