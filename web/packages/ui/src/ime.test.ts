import { expect, test } from 'vitest';
import { isCommit, isImeEvent, plain } from './ime';

test('the Enter that picks a candidate is the input method’s', () => {
  expect(isImeEvent({ key: 'Enter', isComposing: true })).toBe(true);
  expect(isImeEvent({ key: 'Enter', keyCode: 229 })).toBe(true); // Safari and some on Windows: after compositionend
  expect(isImeEvent({ key: 'Enter', nativeEvent: { isComposing: true } })).toBe(true);
  expect(isCommit({ key: 'Enter', isComposing: true })).toBe(false);
});

test('a plain Enter commits, other keys do not', () => {
  expect(isCommit({ key: 'Enter', keyCode: 13 })).toBe(true);
  expect(isCommit({ key: 'a', keyCode: 65 })).toBe(false);
});

test('full-width letters and digits are folded, Japanese stays', () => {
  expect(plain('　ＰＣ－０１４２　')).toBe('PC-0142');
  expect(plain('ﾐﾎﾝ 花子')).toBe('ミホン 花子');
});
