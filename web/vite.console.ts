import { defineConfig } from 'vite';
import { appConfig } from './vite.app.ts';

// Relative, since an agent also serves the console under /console/ of its own origin.
export default defineConfig(appConfig('console', { runtime: false, base: './' }));
