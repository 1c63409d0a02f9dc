// Signed bytes: what is signed says what it is, and has one spelling (protocol.md § 2).
import type { Hash, Instant, Result } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { Bytes } from './bytes.ts'
import { readUint32, textOf, unbase64, utf8 } from './bytes.ts'
import { readPackets, tags } from './packets.ts'
import { hashOfBytes, jcs } from './primitives.ts'
import type { PublicKey } from './public-key.ts'
import type { ProtocolRefusal } from './refusals.ts'
import { checkSignature, readSignature, secondsOf, signatureTypes } from './signatures.ts'

/** The closed list of what a signature of this protocol can be over; the kind is part of what is signed. */
export type SignedKind = 'statement' | 'message' | 'cursor' | 'minutes' | 'root'

/** The exact JCS text, and a detached signature (one packet, base64) over its signed bytes. */
export type Signed = { readonly bytes: string; readonly signature: string }

const prefix = (kind: SignedKind): string => `sluss/v1/${kind}\n`

export const signedBytesOf = (kind: SignedKind, text: string): Bytes => utf8(prefix(kind) + text)
export const signedBytes = (kind: SignedKind, value: unknown): Bytes => signedBytesOf(kind, jcs(value))

/** SHA-256 of the signed bytes: how statements name each other. */
export const hashOf = (kind: SignedKind, text: string): Promise<Hash> => hashOfBytes(signedBytesOf(kind, text))

/** Parses text that must be the canonical form of what it says: a duplicate member, a space, another order or number form is refused. */
export function parseCanonical(text: string): Result<unknown, ProtocolRefusal> {
  try {
    const value: unknown = JSON.parse(text)
    return jcs(value) === text ? ok(value) : refused('bytes-not-canonical')
  } catch {
    return refused('bytes-not-canonical')
  }
}

/** Undoes `signedBytes`: refused when the bytes are of another kind or not canonical. */
export function parseSignedBytes(kind: SignedKind, bytes: Bytes): Result<unknown, ProtocolRefusal> {
  const text = textOf(bytes)
  if (text === null) return refused('bytes-not-canonical')
  return text.startsWith(prefix(kind)) ? parseCanonical(text.slice(prefix(kind).length)) : refused('kind-differs')
}

/** Checks a detached signature of this kind, made by this key in this minute. */
export async function checkSigned(
  kind: SignedKind,
  signed: Signed,
  by: PublicKey,
  at: Instant,
): Promise<Result<null, ProtocolRefusal>> {
  const bytes = unbase64(signed.signature)
  if (bytes === null) return refused('packet-malformed')
  const bodies = readPackets(bytes, [tags.signature])
  if (!bodies.ok) return bodies.error === 'packet-trailing' ? refused('signature-count') : bodies
  const [body] = bodies.value
  const read =
    body === undefined ? refused<ProtocolRefusal>('packet-malformed') : readSignature(body, signatureTypes.binary)
  if (!read.ok) return read
  if (read.value.seconds !== readUint32(secondsOf(at), 0)) return refused('signature-wrong')
  return checkSignature(read.value, signedBytesOf(kind, signed.bytes), by)
}
