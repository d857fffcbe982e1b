// The exact commands of `sekisho evidence`, in the order that two officers run them.

export type Step = { text: 'how.1' | 'how.2'; command: string };

/** fileName is the name under which a sealed bundle is saved. */
export function fileName(hash: string): string {
  return `${hash.slice(0, 16)}.sealed`;
}

export function commands(file: string): Step[] {
  return [
    { text: 'how.1', command: `sekisho evidence share ${file} --key officer-1.key --to officer-2.pub -o share` },
    { text: 'how.2', command: `sekisho evidence open ${file} --key officer-2.key --share share -o record` },
  ];
}
