import type { ruleTexts } from './texts';

type Word = keyof (typeof ruleTexts)['messages'];
const words = ['template.home', 'template.office', 'template.home-no-full', 'template.home-no-approved', 'template.home-camera', 'template.home-tpm', 'template.home-permit', 'template.first-pc'] as const satisfies readonly Word[];

/** wordOf is the key of a template's words; undefined for one that has none here. */
export function wordOf(id: string): Word | undefined {
  return words.find((word) => word === `template.${id}`);
}

/** holds says whether a policy of this name stands in a text. */
export function holds(text: string, id: string): boolean {
  return text.includes(`@id("${id}")`);
}

/** joined adds a template at the end of a text, with one empty line between. */
export function joined(text: string, template: string): string {
  const before = text.trimEnd();
  return before === '' ? template : `${before}\n\n${template}`;
}
