import type { Problem } from '@sekisho/wire/problem';
import type { Cause } from './seat';
import type { WorkKey } from './workTexts';

export type BlackLook = 'people' | 'person' | 'camera' | 'warn' | 'line' | 'hidden' | 'closed' | 'device';

/** BlackWords are the words for one cause. A cause the server named brings its own. */
export type BlackWords = {
  look: BlackLook;
  title: WorkKey;
  /** why and todo are null where the cause brings its own words. */
  why: WorkKey | null;
  todo: WorkKey | null;
  /** recorded: this cause is kept, and can be seen under 自分の記録. */
  recorded: boolean;
  problem: Problem | null;
};

/** blackWords gives every cause its sentence: what happened, and what to do. */
export function blackWords(cause: Cause): BlackWords {
  switch (cause.kind) {
    case 'state':
      return ofState(cause.state);
    case 'hidden':
      return words('hidden', 'hidden');
    case 'agent':
    case 'silent':
      return words('line', 'line');
    case 'camera':
      return { look: 'camera', title: 'black.camera', why: 'black.camera.why', todo: null, recorded: false, problem: null };
    case 'server':
      return { look: 'closed', title: 'black.server', why: null, todo: null, recorded: false, problem: cause.problem };
  }
}

function ofState(state: Extract<Cause, { kind: 'state' }>['state']): BlackWords {
  switch (state) {
    case 'onlooker':
      return words('onlooker', 'people', true);
    case 'other':
      return words('other', 'person', true);
    case 'absent':
      return words('absent', 'device', true);
    case 'covered':
      return words('covered', 'camera', true);
    case 'spoof':
      return words('spoof', 'warn', true);
    case 'break':
      return words('break', 'closed');
    case 'lost':
      return words('lost', 'camera', true);
    case 'present':
    case 'unsure':
    case 'unknown':
      return words('unsure', 'person');
  }
}

type Named = 'onlooker' | 'other' | 'absent' | 'covered' | 'spoof' | 'break' | 'lost' | 'line' | 'unsure' | 'hidden';

function words(name: Named, look: BlackLook, recorded = false): BlackWords {
  return { look, title: `black.${name}`, why: `black.${name}.why`, todo: `black.${name}.do`, recorded, problem: null };
}
