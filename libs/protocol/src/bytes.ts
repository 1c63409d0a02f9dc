// Bytes and their written forms: UTF-8, lower-case hex, base64 with one spelling per value, big-endian numbers.
import type { Fingerprint, Hash } from '#libs/domain'

export type Bytes = Uint8Array<ArrayBuffer>
/** Cryptographically strong random bytes; `crypto.getRandomValues` outside tests. */
export type Random = (length: number) => Bytes

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const utf8 = (text: string): Bytes => encoder.encode(text)

/** Null for bytes that are not UTF-8: nothing is silently replaced. */
export function textOf(bytes: Bytes): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

export function concat(...parts: readonly Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** In constant time for equal lengths. */
export function equal(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
export const hex = (bytes: Bytes): string => bytes.reduce((text, byte) => text + (hexDigits[byte] ?? ''), '')
/** For hex that has been checked: ids, hashes, fingerprints. */
export function unhex(text: string): Bytes {
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}
export const hashFrom = (bytes: Bytes): Hash => hex(bytes) as Hash // 32 bytes by construction: SHA-256 or HKDF made them
export const fingerprintFrom = (bytes: Bytes): Fingerprint => hex(bytes) as Fingerprint // 32 bytes by construction

/** The 16 bytes of an id. */
export const idBytes = (id: string): Bytes => unhex(id.replaceAll('-', ''))
export function idText(bytes: Bytes): string {
  const text = hex(bytes)
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20, 32)].join('-')
}

export function base64(bytes: Bytes): string {
  let binary = ''
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return btoa(binary)
}

/** Null unless `text` is the one base64 of these bytes (padding, no spaces, no stray bits). */
export function unbase64(text: string): Bytes | null {
  let binary: string
  try {
    binary = atob(text)
  } catch {
    return null
  }
  if (btoa(binary) !== text) return null
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

export function uint32(value: number): Bytes {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
export const readUint32 = (bytes: Bytes, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at)
