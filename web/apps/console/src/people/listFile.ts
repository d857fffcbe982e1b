/** base64url writes bytes as the doors take them: RFC 4648, §5, without padding. */
export function base64url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** maxFile is the largest list that the door takes, in bytes. */
export const maxFile = 512 * 1024;

export type ListKind = 'joiners' | 'leavers';

const samples: { [kind in ListKind]: string } = {
  joiners: 'ログインID,氏名,フリガナ,役割,場所,顔認証,派遣元,契約終了日\r\nmihon-01,見本 一郎,ミホン イチロウ,オペレーター,自宅,使う,見本スタッフ,2027-03-31\r\nmihon-02,見本 二葉,ミホン フタバ,オペレーター・スーパーバイザー,オフィス,使わない,,\r\n',
  leavers: 'ログインID,氏名,契約終了日\r\nmihon-01,見本 一郎,2027-03-31\r\n',
};

/** sample is a list with invented people, with the mark by which Excel knows UTF-8. */
export function sample(kind: ListKind): Blob {
  return new Blob(['\ufeff' + samples[kind]], { type: 'text/csv' });
}

/** sampleHead is the first row of a sample, for the test that holds it against the server's columns. */
export const sampleHead = (kind: ListKind): string[] => (samples[kind].split('\r\n')[0] ?? '').split(',');
