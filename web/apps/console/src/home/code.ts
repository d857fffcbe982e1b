/** codeIn gives the code, or the token of a link that somebody pasted. */
export function codeIn(text: string): string {
  const plain = text.normalize('NFKC').trim();
  return /[#?&]token=([A-Za-z0-9_-]+)/.exec(plain)?.[1] ?? plain;
}
