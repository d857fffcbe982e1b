/** Command shows what to type, in one line that can be selected. */
export function Command({ children }: { children: string }) {
  return (
    <pre className="dk-command" tabIndex={0}>
      <code>{children}</code>
    </pre>
  );
}
