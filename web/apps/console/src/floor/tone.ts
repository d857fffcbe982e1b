import type { Tone } from '@sekisho/ui/stateLook';
import type { Group } from '../api/views';

/** toneOf is the colour of a group; its word and icon always stand beside it. */
export const toneOf: { [group in Group]: Tone } = { alert: 'closed', watch: 'attention', gate: 'quiet', open: 'open', away: 'quiet', off: 'quiet' };
