import { z } from 'zod';

// zod compiles parsers at run time (new Function) unless it is told before the
// first schema is made; the pages' policy forbids that and reports every try.
// So schemas are made with this z and no other.
z.config({ jitless: true });

export { z };
