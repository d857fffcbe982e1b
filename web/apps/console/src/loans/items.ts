/** linesOf gives the names that were typed, one a line, folded and without empty ones. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.normalize('NFKC').trim())
    .filter((line) => line !== '');
}

/** sampleKit is a list of invented PCs, with the mark by which Excel knows UTF-8. */
export function sampleKit(): Blob {
  return new Blob(['\ufeff' + kit], { type: 'text/csv' });
}

const kit =
  '資産番号,機種,ログインID,場所,ポリシー,付属品\r\nPC-201,見本ノート14,mihon-01,自宅,,のぞき見防止フィルター・ワイヤーロック・ヘッドセット\r\nPC-202,見本ノート14,mihon-02,オフィス,,ヘッドセット\r\n';

/** kitHead is the first row of the sample, for the test that holds it against the server's columns. */
export const kitHead = (kit.split('\r\n')[0] ?? '').split(',');
