/** Choice is somebody or something that can be chosen. */
export type Choice = { value: string; label: string };

/** choicesAtOnce is how many choices a field offers before words narrow them. */
export const choicesAtOnce = 50;

/** optionsOf offers what was found and keeps what is chosen, also where other words are looked for now. */
export function optionsOf(found: Choice[], chosen: Choice | null): Choice[] {
  return chosen === null || found.some((one) => one.value === chosen.value) ? found : [chosen, ...found];
}
