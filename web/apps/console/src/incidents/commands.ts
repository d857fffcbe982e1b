// The exact commands of `sekisho evidence`, in the order that two officers run
// them. A test of the program carries them out as they stand here.

export type Step = { text: 'how.1' | 'how.2'; command: string };

/** fileName is the name under which a sealed bundle is saved. */
export function fileName(hash: string): string {
  return `${hash.slice(0, 16)}.sealed`;
}

/** commands open one file: its share and the folder of its pictures carry its name, so that no second record is mixed in. */
export function commands(file: string): Step[] {
  const name = file.replace(/\.sealed$/, '');
  return [
    { text: 'how.1', command: `sekisho evidence share ${file} --key officer-1.key --to officer-2.pub -o ${name}.share` },
    { text: 'how.2', command: `sekisho evidence open ${file} --key officer-2.key --share ${name}.share -o ${name}` },
  ];
}
