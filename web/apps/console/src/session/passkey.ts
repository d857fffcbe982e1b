import { z } from 'zod';
import { ProblemError, type Problem } from '@sekisho/wire/problem';

/** PasskeyFailure is why the browser gave no passkey; the words are in texts.ts. */
export type PasskeyFailure = 'cancelled' | 'known' | 'origin' | 'unsupported';

/** PasskeyError is thrown when the person or the browser ended the ceremony. */
export class PasskeyError extends Error {
  readonly failure: PasskeyFailure;
  constructor(failure: PasskeyFailure) {
    super(failure);
    this.name = 'PasskeyError';
    this.failure = failure;
  }
}

// The door sends the options of PublicKeyCredential…fromJSON, inside publicKey or bare.
const Wrapped = z.object({ publicKey: z.record(z.string(), z.unknown()) });
const Bare = z.record(z.string(), z.unknown());

/** publicKeyOf unwraps what the door sent. */
export function publicKeyOf(options: unknown): object {
  const wrapped = Wrapped.safeParse(options);
  if (wrapped.success) return wrapped.data.publicKey;
  return Bare.parse(options);
}

/** createPasskey makes a new passkey on this machine or a security key. */
export async function createPasskey(options: unknown): Promise<unknown> {
  needed();
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(publicKeyOf(options) as PublicKeyCredentialCreationOptionsJSON);
  return json(await ceremony(() => navigator.credentials.create({ publicKey })));
}

/** usePasskey signs in with one that exists. */
export async function presentPasskey(options: unknown): Promise<unknown> {
  needed();
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(publicKeyOf(options) as PublicKeyCredentialRequestOptionsJSON);
  return json(await ceremony(() => navigator.credentials.get({ publicKey })));
}

function needed(): void {
  if (typeof PublicKeyCredential === 'undefined' || !('parseCreationOptionsFromJSON' in PublicKeyCredential)) throw new PasskeyError('unsupported');
}

async function ceremony(act: () => Promise<Credential | null>): Promise<Credential> {
  try {
    const credential = await act();
    if (credential) return credential;
  } catch (thrown) {
    throw new PasskeyError(failureOf(thrown));
  }
  throw new PasskeyError('cancelled');
}

/** failureOf reads the DOMException of a ceremony (WebAuthn level 3, §5.1.3 and §5.1.4). */
export function failureOf(thrown: unknown): PasskeyFailure {
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'InvalidStateError') return 'known';
  if (name === 'SecurityError') return 'origin';
  if (name === 'NotSupportedError') return 'unsupported';
  return 'cancelled';
}

function json(credential: Credential): unknown {
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyError('unsupported');
  return credential.toJSON();
}

/** passkeyProblem gives a ceremony's end the form that every refusal has. */
export function passkeyProblem(thrown: unknown, say: (key: `passkey.${PasskeyFailure}` | `passkey.${PasskeyFailure}.do`) => string): Problem | null {
  if (thrown instanceof ProblemError) return thrown.problem;
  if (!(thrown instanceof PasskeyError)) return null;
  const code = `passkey.${thrown.failure}` as const;
  return { type: `tag:sekisho,2026:${code}`, status: 0, code, title: say(code), action: say(`${code}.do`) };
}
