import type { Say } from '@sekisho/ui/language';
import { PasskeyOptions, assertPasskey, createPasskey, type PasskeyFinish } from '@sekisho/wire/passkey';
import { ProblemError, problemOf, type Problem } from '@sekisho/wire/problem';
import type { DeskKey } from './texts';
import type { Workplace } from './workplace';

/**
 * passkeyAct runs one WebAuthn ceremony against the desk door; null is success.
 * A login shows that it is the person; a registration uses up a granted approval.
 */
export async function passkeyAct(workplace: Workplace, act: 'login' | 'register', approval: string, say: Say<DeskKey>): Promise<Problem | null> {
  try {
    const options = await workplace.desk.ask('POST', `passkeys/${act}/begin`, PasskeyOptions, {});
    const credential = act === 'login' ? await assertPasskey(options) : await createPasskey(options);
    await workplace.desk.tell('POST', `passkeys/${act}/finish`, { credential, approval } satisfies PasskeyFinish);
    return null;
  } catch (thrown) {
    if (thrown instanceof ProblemError) return problemOf(thrown);
    return { type: '', status: 0, code: 'passkey.cancelled', title: say('passkey.cancelled'), action: say('passkey.cancelled.do') };
  }
}
