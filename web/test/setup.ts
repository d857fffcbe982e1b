import { afterEach } from 'vitest';

// React's act() asks for this; happy-dom shares one document between the tests of a file.
(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

afterEach(() => {
  document.body.replaceChildren();
  document.head.replaceChildren();
});
