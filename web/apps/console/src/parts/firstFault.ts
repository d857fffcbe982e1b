/** focusFirstFault takes whoever sent a long form to the first field that is wrong, once it is marked. */
export function focusFirstFault(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[role="dialog"] [aria-invalid="true"]')?.focus());
}
