// The primitives that seal, sign and check, over WebCrypto. What opens is in open-primitives.ts, out of the server's reach.
import canonicalize from 'canonicalize'
import type { Hash } from '#libs/domain'
import type { Bytes } from './bytes.ts'
import { concat, hashFrom, utf8 } from './bytes.ts'

const subtle = globalThis.crypto.subtle

/** RFC 8785. Throws on what JSON cannot say: such values never come from a parser. */
export function jcs(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new Error('not JSON')
  return text
}

export const sha256 = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await subtle.digest('SHA-256', bytes))
export const sha512 = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await subtle.digest('SHA-512', bytes))
export const hashOfBytes = async (bytes: Bytes): Promise<Hash> => hashFrom(await sha256(bytes))

export const importHkdf = (secret: Bytes): Promise<CryptoKey> =>
  subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])

/** HKDF-SHA-256 (RFC 5869). */
export async function hkdf(key: CryptoKey, salt: Bytes, info: Bytes, length: number): Promise<Bytes> {
  return new Uint8Array(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, length * 8))
}

const noSalt = new Uint8Array(0)
/** HKDF without salt under JCS(["sluss/v1", ...label]): the one way in which this protocol derives from a key. */
export const derive = (key: CryptoKey, ...label: readonly string[]): Promise<Bytes> =>
  hkdf(key, noSalt, utf8(jcs(['sluss/v1', ...label])), 32)

/** AES-256-GCM: ciphertext with its 16-byte tag. */
async function gcmSeal(key: Bytes, nonce: Bytes, plaintext: Bytes): Promise<Bytes> {
  const aes = await subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  return new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: nonce }, aes, plaintext))
}

/** Nonce (96 random bits), ciphertext, tag: the form of everything that is not an OpenPGP packet. */
export const gcmBox = async (key: Bytes, nonce: Bytes, plaintext: Bytes): Promise<Bytes> =>
  concat(nonce, await gcmSeal(key, nonce, plaintext))

export const importVerifier = (publicKey: Bytes): Promise<CryptoKey> =>
  subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
export const ed25519Verify = (key: CryptoKey, signature: Bytes, digest: Bytes): Promise<boolean> =>
  subtle.verify('Ed25519', key, signature, digest)
export const ed25519Sign = async (key: CryptoKey, digest: Bytes): Promise<Bytes> =>
  new Uint8Array(await subtle.sign('Ed25519', key, digest))

// RFC 8410: a private key in PKCS #8 is this prefix and its 32 bytes; the last octet of the algorithm is 0x70 or 0x6e.
const pkcs8 = (algorithm: number, secret: Bytes): Bytes =>
  concat(new Uint8Array([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, algorithm, 4, 0x22, 4, 0x20]), secret)

export const importSigner = (seed: Bytes): Promise<CryptoKey> =>
  subtle.importKey('pkcs8', pkcs8(0x70, seed), 'Ed25519', false, ['sign'])
export const importAgreement = (scalar: Bytes): Promise<CryptoKey> =>
  subtle.importKey('pkcs8', pkcs8(0x6e, scalar), 'X25519', false, ['deriveBits'])

/** The public half of an Ed25519 seed. */
export async function ed25519Public(seed: Bytes): Promise<Bytes> {
  const key = await subtle.importKey('pkcs8', pkcs8(0x70, seed), 'Ed25519', true, ['sign'])
  const { x } = await subtle.exportKey('jwk', key)
  const binary = atob((x ?? '').replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

/** The shared secret, or null for a point of small order, which WebCrypto refuses (RFC 7748 § 6.1). */
export async function x25519(scalar: CryptoKey, point: Bytes): Promise<Bytes | null> {
  const other = await subtle.importKey('raw', point, 'X25519', false, [])
  try {
    return new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: other }, scalar, 256))
  } catch {
    return null
  }
}

const basePoint = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 9 : 0))
export async function x25519Public(scalar: CryptoKey): Promise<Bytes> {
  const point = await x25519(scalar, basePoint)
  if (point === null) throw new Error('the base point has no small order')
  return point
}

/** AES key wrap (RFC 3394) of a 32-byte secret under a 16-byte key. */
export async function keyWrap(key: Bytes, secret: Bytes): Promise<Bytes> {
  const wrapping = await subtle.importKey('raw', key, 'AES-KW', false, ['wrapKey'])
  const wrapped = await subtle.importKey('raw', secret, 'AES-GCM', true, ['encrypt'])
  return new Uint8Array(await subtle.wrapKey('raw', wrapped, wrapping, 'AES-KW'))
}
