import { describe, expect, it, vi } from 'vitest';
import { enterHome, entryOf, homeBearer } from './home';

describe('the console at an issued PC', () => {
  it('is known by its path alone', () => {
    expect(entryOf({ pathname: '/', hash: '#ticket=x' })).toBeNull();
    expect(entryOf({ pathname: '/consoles', hash: '#ticket=x' })).toBeNull();
    expect(entryOf({ pathname: '/console/', hash: '#ticket=x&lang=en' })).toEqual({ ticket: 'x', language: 'en' });
    expect(entryOf({ pathname: '/console/', hash: '' })).toEqual({ ticket: '', language: null });
  });

  it('wipes the ticket before it is used, and holds nothing that was refused', async () => {
    const replaceState = vi.fn();
    const fetched = vi.fn(() => {
      expect(replaceState).toHaveBeenCalledWith(null, '', './');
      return Promise.resolve(new Response('{}', { status: 410 }));
    });
    vi.stubGlobal('fetch', fetched);
    await enterHome({ ticket: 'x', language: null }, { replaceState });
    expect(fetched).toHaveBeenCalledOnce();
    expect(homeBearer()).toBe('');
    vi.unstubAllGlobals();
  });
});
