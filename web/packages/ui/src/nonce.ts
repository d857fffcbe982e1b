import { setNonce } from 'get-nonce';

/** pageNonce is the nonce that the server put into this answer of index.html. */
export function pageNonce(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return meta?.nonce || meta?.getAttribute('nonce') || '';
}

/** shareNonce hands the nonce to react-remove-scroll, which injects a style of its own. */
export function shareNonce(): void {
  setNonce(pageNonce());
}
