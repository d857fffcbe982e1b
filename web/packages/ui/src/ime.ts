/** KeyLike is what both native and React keyboard events have. */
export type KeyLike = { key: string; keyCode?: number; isComposing?: boolean; nativeEvent?: { isComposing?: boolean; keyCode?: number } };

/** isImeEvent says whether a key belongs to the input method: 229 is what some send after the end of composition. */
export function isImeEvent(event: KeyLike): boolean {
  const native = event.nativeEvent ?? event;
  return native.isComposing === true || native.keyCode === 229;
}

/** isCommit is the Enter that means "done", never the one that picks a candidate. */
export function isCommit(event: KeyLike): boolean {
  return event.key === 'Enter' && !isImeEvent(event);
}

/** plain folds full-width letters and digits (NFKC) and trims the ends. */
export function plain(text: string): string {
  return text.normalize('NFKC').trim();
}
