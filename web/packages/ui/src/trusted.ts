// The page runs under `require-trusted-types-for 'script'; trusted-types default`.
// The default policy lets through what React and Mantine need and nothing that
// could become markup or foreign code: style text has neither < nor &, and a
// worker's address must be of our own origin. It works in pages and in workers.

type Policy = {
  createHTML(text: string): string | null;
  createScriptURL(url: string): string | null;
};

type PolicyFactory = { createPolicy(name: string, policy: Policy): unknown; defaultPolicy?: unknown };

export const policy: Policy = {
  createHTML: (text) => (/[<&]/.test(text) ? null : text),
  createScriptURL(url) {
    const address = new URL(url, globalThis.location.href);
    const own = globalThis.location.origin;
    return address.origin === own ? address.href : null;
  },
};

/** trustOwn installs the default policy once; browsers without Trusted Types need none. */
export function trustOwn(): void {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  if (factory && !factory.defaultPolicy) factory.createPolicy('default', policy);
}
