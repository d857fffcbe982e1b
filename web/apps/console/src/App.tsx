import { useLanguage } from '@sekisho/ui/language';
import { QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { createQueries } from './api/queries';
import { createPages } from './router';
import { keepLanguage } from './tongue';

/** App joins the answers, the routes and the language. */
export function App() {
  const [client] = useState(createQueries);
  const [router] = useState(() => createPages(client));
  return (
    <QueryClientProvider client={client}>
      <Tongue />
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}

/** Tongue keeps the choice of language, and asks anew for answers that carry texts. */
function Tongue() {
  const { language } = useLanguage();
  const client = useQueryClient();
  const before = useRef(language);
  useEffect(() => {
    if (before.current === language) return;
    before.current = language;
    keepLanguage(language);
    void client.invalidateQueries();
  }, [language, client]);
  return null;
}
