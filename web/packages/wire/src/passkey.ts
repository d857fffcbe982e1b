import { z } from './z';

/** PasskeyOptions are WebAuthn options as the browser's JSON methods take them; some servers wrap them in publicKey. */
export const PasskeyOptions = z.object({ options: z.unknown() });
export type PasskeyOptions = z.infer<typeof PasskeyOptions>;

/** PasskeyFinish carries the browser's answer (PublicKeyCredential.toJSON). */
export type PasskeyFinish = { credential: unknown; approval: string };

function publicKeyOf(options: unknown): unknown {
  if (typeof options === 'object' && options !== null && 'publicKey' in options) return options.publicKey;
  return options;
}

/** assertPasskey asks the browser for a passkey; it throws what the browser throws when the person cancels. */
export async function assertPasskey({ options }: PasskeyOptions): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(publicKeyOf(options) as PublicKeyCredentialRequestOptionsJSON);
  return answerOf(await navigator.credentials.get({ publicKey }));
}

/** createPasskey asks the browser to make one. */
export async function createPasskey({ options }: PasskeyOptions): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(publicKeyOf(options) as PublicKeyCredentialCreationOptionsJSON);
  return answerOf(await navigator.credentials.create({ publicKey }));
}

function answerOf(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException('no passkey', 'NotAllowedError');
  return credential.toJSON();
}
