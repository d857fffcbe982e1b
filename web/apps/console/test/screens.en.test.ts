import { describe, test } from 'vitest';
import { Sight, wanted } from './sight';

const sight = new Sight();

describe('en', () => {
  test.each(wanted)('$name', async (state) => sight.sound(await sight.open(state, true), `${state.name}-en`));
});
