/** lineAt gives where a line, counted from 1, begins and ends in a text; beyond its end, the end. */
export function lineAt(text: string, line: number): [number, number] {
  const lines = text.split('\n');
  const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const start = Math.min(from, text.length);
  return [start, Math.min(start + (lines[line - 1]?.length ?? 0), text.length)];
}
