// The primitives that open. Only open-*.ts may import this file; nothing that verify.ts reaches does (a rule checks it).
import type { Bytes } from './bytes.ts'

const subtle = globalThis.crypto.subtle

/** Null where the tag does not agree: altered bytes, or another key. */
async function gcmOpen(
  key: Bytes,
  nonce: Bytes,
  ciphertext: Bytes,
  additional: Bytes = new Uint8Array(0),
): Promise<Bytes | null> {
  const aes = await subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
  return gcmOpenWith(aes, nonce, ciphertext, additional)
}

export const importOpener = (key: Bytes): Promise<CryptoKey> =>
  subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])

export async function gcmOpenWith(
  aes: CryptoKey,
  nonce: Bytes,
  ciphertext: Bytes,
  additional: Bytes,
): Promise<Bytes | null> {
  try {
    return new Uint8Array(
      await subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: additional }, aes, ciphertext),
    )
  } catch {
    return null
  }
}

/** Opens `gcmBox`. */
export const gcmUnbox = (key: Bytes, box: Bytes): Promise<Bytes | null> =>
  box.length < 28 ? Promise.resolve(null) : gcmOpen(key, box.slice(0, 12), box.slice(12))

/** The 32-byte secret under AES key wrap (RFC 3394), or null where its check does not agree. */
export async function keyUnwrap(key: Bytes, wrapped: Bytes): Promise<Bytes | null> {
  const unwrapping = await subtle.importKey('raw', key, 'AES-KW', false, ['unwrapKey'])
  try {
    const secret = await subtle.unwrapKey('raw', wrapped, unwrapping, 'AES-KW', 'AES-GCM', true, ['encrypt'])
    return new Uint8Array(await subtle.exportKey('raw', secret))
  } catch {
    return null
  }
}
