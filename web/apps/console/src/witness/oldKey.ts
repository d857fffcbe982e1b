// The key to which officers seal an older picture is made by the witness's page
// and never leaves this browser: WebCrypto does not give it out, IndexedDB keeps
// it until the picture was needed. docs/decisions/0029.

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const store = 'old-faces';

/** makeKey makes a key for a PC in the place of the one before, and gives its public half in base64url. */
export async function makeKey(device: string): Promise<string> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  await within('readwrite', (keys) => keys.put(pair, device));
  return base64url(new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
}

/** openOld opens what was sealed to this browser's key, as an address for an image; null where this browser has none, or it is another's. */
export async function openOld(device: string, picture: string, sealed: string): Promise<string | null> {
  const pair: unknown = await within('readonly', (keys) => keys.get(device));
  return isPair(pair) ? openWith(pair, device, picture, sealed) : null;
}

/** openWith does so with a pair of keys (internal/twin/showing). */
export async function openWith(pair: CryptoKeyPair, device: string, picture: string, sealed: string): Promise<string | null> {
  try {
    const bytes = bytesOf(sealed);
    const info = new TextEncoder().encode(`sekisho/old-face/v1\0${device}\0${picture}`);
    const jpeg = await suite.open({ recipientKey: pair, enc: bytes.slice(0, suite.kem.encSize), info }, bytes.slice(suite.kem.encSize));
    return `data:image/jpeg;base64,${base64(new Uint8Array(jpeg))}`;
  } catch {
    return null;
  }
}

/** markOf is what two people read to each other of this browser's key for a PC, computed here: whoever is in between cannot say another one. Null where this browser has no key. */
export async function markOf(device: string): Promise<string | null> {
  const pair: unknown = await within('readonly', (keys) => keys.get(device));
  return isPair(pair) ? markWith(pair) : null;
}

/** markWith is the mark of a pair of keys (showing.Mark): twenty hex digits of its SHA-256. */
export async function markWith(pair: CryptoKeyPair): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await crypto.subtle.exportKey('raw', pair.publicKey)));
  return (hexOf(sum.subarray(0, 10)).match(/.{4}/g) ?? []).join('-');
}

/** hashOf is the SHA-256 of what was sealed, in hex: how the page names what it has opened. */
export async function hashOf(sealed: string): Promise<string> {
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytesOf(sealed))));
}

const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** dropKey forgets the key of a PC: nothing that was sealed to it is opened any more. */
export async function dropKey(device: string): Promise<void> {
  await within('readwrite', (keys) => keys.delete(device));
}

function isPair(value: unknown): value is CryptoKeyPair {
  return typeof value === 'object' && value !== null && 'privateKey' in value && 'publicKey' in value;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(raw, (char) => char.charCodeAt(0));
}

/** base64url is how keys and sealed pictures are sent. */
export function base64url(bytes: Uint8Array): string {
  return base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

function within<T>(mode: IDBTransactionMode, act: (keys: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('sekisho-witness', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(store);
    opening.onerror = () => reject(opening.error ?? new Error('witness: no key store'));
    opening.onsuccess = () => {
      const db = opening.result;
      const running = db.transaction(store, mode);
      const asked = act(running.objectStore(store));
      running.oncomplete = () => {
        db.close();
        resolve(asked.result);
      };
      running.onerror = running.onabort = () => {
        db.close();
        reject(running.error ?? new Error('witness: the key store refused'));
      };
    };
  });
}
