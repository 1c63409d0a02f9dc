// Where the client takes randomness from: ids are made here, at the edge, and passed into the pure rooms.
import type { Random } from '#libs/protocol'

/** The platform's generator. */
export const platformRandom: Random = (length) => globalThis.crypto.getRandomValues(new Uint8Array(length))

/** Sixteen random bytes written as a UUID; no version bits, since nobody reads them. */
export function randomId(random: Random): string {
  const hex = [...random(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
