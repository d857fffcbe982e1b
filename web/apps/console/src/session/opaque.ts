import { api } from '../api/client';
import { PasswordAnswer, PasswordBegun, Session } from '../api/views';

// The page's side of OPAQUE (RFC 9807). The library holds its WebAssembly in
// itself, 0.4 MB, so it is fetched when somebody uses a password and not before.
const load = async () => {
  const opaque = await import('@serenity-kit/opaque');
  await opaque.ready;
  return opaque.client;
};

/** keyStretching is Argon2id with 64 MiB and three passes: what the server's own settings say. */
const keyStretching = 'memory-constrained';

/** identifiers are both sides' names in the exchange, as the server says them (passwords.ServerIdentity). */
const identifiers = (login: string) => ({ client: login.toLowerCase(), server: 'sekisho' });

/** WrongPassword is what only the page can tell: the answer did not open with this password, or nobody has the login. */
export class WrongPassword extends Error {
  constructor() {
    super('wrong password');
    this.name = 'WrongPassword';
  }
}

/** signInByPassword proves a password without sending it. */
export async function signInByPassword(login: string, password: string): Promise<Session> {
  const client = await load();
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  const begun = await api.ask('POST', '/session/password/begin', PasswordBegun, { login, ke1: startLoginRequest });
  await painted();
  const proof = client.finishLogin({ password, clientLoginState, loginResponse: begun.ke2, identifiers: identifiers(login), keyStretching });
  if (!proof) throw new WrongPassword();
  return api.ask('POST', '/session/password/finish', Session, { ceremony: begun.ceremony, ke3: proof.finishLoginRequest });
}

/** setPassword sets the password of whoever was invited, without sending it. */
export async function setPassword(token: string, login: string, password: string): Promise<Session> {
  const client = await load();
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  const { response } = await api.ask('POST', '/invitations/password/begin', PasswordAnswer, { token, request: registrationRequest });
  await painted();
  const { registrationRecord } = client.finishRegistration({ password, clientRegistrationState, registrationResponse: response, identifiers: identifiers(login), keyStretching });
  return api.ask('POST', '/invitations/password/finish', Session, { token, record: registrationRecord });
}

/** painted waits until the screen says that something is under way: stretching takes the page for itself. */
const painted = () => new Promise<void>((done) => setTimeout(done, 50));
