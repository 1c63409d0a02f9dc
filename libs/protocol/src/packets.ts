// OpenPGP packets (RFC 9580 § 4): whole packets with known lengths in the shortest form, and nothing between or after them.
import type { Result } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { Bytes } from './bytes.ts'
import { concat, readUint32, uint32 } from './bytes.ts'
import type { ProtocolRefusal } from './refusals.ts'

export const tags = {
  pkesk: 1,
  signature: 2,
  onePass: 4,
  secretKey: 5,
  publicKey: 6,
  secretSubkey: 7,
  literal: 11,
  publicSubkey: 14,
  seipd: 18,
} as const
export type Tag = (typeof tags)[keyof typeof tags]
export type Packet = { readonly tag: number; readonly body: Bytes }

function writtenLength(length: number): Bytes {
  if (length < 192) return new Uint8Array([length])
  if (length < 8384) return new Uint8Array([((length - 192) >> 8) + 192, (length - 192) & 255])
  return concat(new Uint8Array([255]), uint32(length))
}

export const packet = (tag: Tag, ...body: readonly Bytes[]): Bytes => {
  const whole = concat(...body)
  return concat(new Uint8Array([0xc0 | tag]), writtenLength(whole.length), whole)
}

function readPacket(bytes: Bytes, at: number): { readonly packet: Packet; readonly next: number } | null {
  const head = bytes[at]
  const first = bytes[at + 1]
  // The old format and partial lengths have other spellings of the same packet; one spelling is enough.
  if (head === undefined || first === undefined || (head & 0xc0) !== 0xc0) return null
  let length = first
  let start = at + 2
  if (first >= 192 && first < 224) {
    const second = bytes[at + 2]
    if (second === undefined) return null
    length = ((first - 192) << 8) + second + 192
    start = at + 3
  }
  if (first >= 224) {
    if (first !== 255 || bytes.length < at + 6) return null
    length = readUint32(bytes, at + 2)
    if (length < 8384) return null
    start = at + 6
  }
  const next = start + length
  if (next > bytes.length) return null
  return { packet: { tag: head & 0x3f, body: bytes.slice(start, next) }, next }
}

/** Exactly these packets in this order; refused when one is missing, another stands there, or anything follows. */
export function readPackets(bytes: Bytes, expected: readonly Tag[]): Result<readonly Bytes[], ProtocolRefusal> {
  const bodies: Bytes[] = []
  let at = 0
  for (const tag of expected) {
    const read = readPacket(bytes, at)
    if (read === null) return refused('packet-malformed')
    if (read.packet.tag !== tag) return refused('packet-unexpected')
    bodies.push(read.packet.body)
    at = read.next
  }
  return at === bytes.length ? ok(bodies) : refused('packet-trailing')
}

/** How often a packet of this kind stands in these bytes; null where they are not packets. */
export function countPackets(bytes: Bytes, tag: Tag): number | null {
  let count = 0
  for (let at = 0; at < bytes.length;) {
    const read = readPacket(bytes, at)
    if (read === null) return null
    if (read.packet.tag === tag) count += 1
    at = read.next
  }
  return count
}
