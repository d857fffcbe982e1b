import { MantineProvider } from '@mantine/core';
import { ownProblem } from '@sekisho/wire/problem';
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ImeInput } from './ImeInput';
import { LanguageSwitch } from './LanguageSwitch';
import { startLanguage } from './language';
import { ProblemNotice } from './ProblemNotice';
import { Strips } from './Strips';

let root: Root;
let host: HTMLElement;

beforeAll(() => startLanguage(null));
beforeEach(() => {
  host = document.createElement('div');
  document.body.append(host);
  root = createRoot(host);
});
afterEach(() => act(() => root.unmount()));

function show(node: ReactNode): void {
  act(() => root.render(<MantineProvider env="test">{node}</MantineProvider>));
}

describe('ProblemNotice', () => {
  test('says what a server said, with what to do', () => {
    show(<ProblemNotice problem={{ type: '', status: 409, code: 'a.b', title: '使えません。', action: '管理者に連絡してください。' }} />);
    const alert = host.querySelector('[role="alert"]');
    expect(alert?.textContent).toContain('使えません。');
    expect(alert?.textContent).toContain('管理者に連絡してください。');
    expect(alert?.textContent).toContain('a.b');
  });

  test('has words of its own when nobody answered', () => {
    show(<ProblemNotice problem={ownProblem('page.unreachable')} />);
    expect(host.textContent).toContain('接続できません。');
  });

  test('never shows markup that a title may hold', () => {
    show(<ProblemNotice problem={{ type: '', status: 0, code: 'x', title: '<b>x</b>', action: '' }} />);
    expect(host.querySelector('b')).toBeNull();
    expect(host.textContent).toContain('<b>x</b>');
  });
});

describe('language', () => {
  test('is Japanese first, and one press changes page and document', () => {
    show(<LanguageSwitch />);
    expect(document.documentElement.lang).toBe('ja');
    const button = host.querySelector('button');
    expect(button?.textContent).toBe('English');
    act(() => button?.click());
    expect(document.documentElement.lang).toBe('en');
    expect(button?.textContent).toBe('日本語');
    act(() => button?.click());
  });
});

describe('Strips', () => {
  test('say that a software key is for demonstrations', () => {
    show(<Strips demo={false} tierC />);
    expect(host.textContent).toContain('ソフトウェア鍵: デモ用');
  });
  test('are absent when all is real', () => {
    show(<Strips demo={false} tierC={false} />);
    expect(host.querySelector('section')).toBeNull();
  });
});

describe('ImeInput', () => {
  const press = (input: HTMLInputElement, init: KeyboardEventInit) => act(() => void input.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init })));

  test('commits folded text on Enter, never during composition', () => {
    const commit = vi.fn();
    show(<ImeInput aria-label="x" value="ＳＫ１" onChange={() => {}} onCommit={commit} />);
    const input = host.querySelector('input')!;
    press(input, { key: 'Enter', isComposing: true });
    expect(commit).not.toHaveBeenCalled();
    press(input, { key: 'Enter' });
    expect(commit).toHaveBeenCalledWith('SK1');
  });

  test('keeps a form from being sent by the Enter that picks a candidate', () => {
    const submit = vi.fn((event: { preventDefault(): void }) => event.preventDefault());
    show(
      <form onSubmit={submit}>
        <ImeInput aria-label="x" value="あ" onChange={() => {}} />
      </form>,
    );
    const event = new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true });
    act(() => void host.querySelector('input')!.dispatchEvent(event));
    expect(event.defaultPrevented).toBe(true);
    expect(submit).not.toHaveBeenCalled();
  });
});
