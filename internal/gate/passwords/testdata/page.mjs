// The page's side of OPAQUE, one JSON line a step, for interop_test.go.
import { createInterface } from 'node:readline';
import { client, ready } from '../../../../web/node_modules/@serenity-kit/opaque/esm/index.js';

await ready;
let state = '';
const keyStretching = 'memory-constrained';
const identifiers = (login) => ({ client: login, server: 'sekisho' });

const acts = {
  register({ password }) {
    const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
    state = clientRegistrationState;
    return { message: registrationRequest };
  },
  registered({ password, login, message }) {
    return { message: client.finishRegistration({ password, clientRegistrationState: state, registrationResponse: message, identifiers: identifiers(login), keyStretching }).registrationRecord };
  },
  login({ password }) {
    const { clientLoginState, startLoginRequest } = client.startLogin({ password });
    state = clientLoginState;
    return { message: startLoginRequest };
  },
  proof({ password, login, message }) {
    const done = client.finishLogin({ password, clientLoginState: state, loginResponse: message, identifiers: identifiers(login), keyStretching });
    return done ? { message: done.finishLoginRequest } : { wrong: true, message: '' };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { act, ...input } = JSON.parse(line);
  process.stdout.write(JSON.stringify(acts[act](input)) + '\n');
}
