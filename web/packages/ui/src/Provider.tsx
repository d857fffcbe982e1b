import '@mantine/core/styles.layer.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { pageNonce } from './nonce';
import { theme } from './theme';

/** Provider wraps an app: theme, nonce for injected styles, light scheme. */
export function Provider({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} forceColorScheme="light" getStyleNonce={pageNonce}>
      {children}
    </MantineProvider>
  );
}
