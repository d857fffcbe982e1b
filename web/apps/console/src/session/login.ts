const login = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/** loginFits says whether a login has the form that the server takes. */
export function loginFits(text: string): boolean {
  return login.test(text);
}
