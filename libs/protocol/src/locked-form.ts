// The one form in which a private key is stored: version 6, usage 253, AES-256-GCM under Argon2id with our parameters (RFC 9580 §§ 3.7.1.4, 5.5.3).
import type { Result } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { Bytes } from './bytes.ts'
import { base64, concat, unbase64 } from './bytes.ts'
import { packet, readPackets, tags } from './packets.ts'
import type { PublicKey } from './public-key.ts'
import { keyBodyLength, readPublicKey } from './public-key.ts'
import type { ProtocolRefusal } from './refusals.ts'

/** 3 passes, 4 lanes, 2^16 KiB = 64 MiB (protocol.md § 2). Weaker would be guessed faster; stronger could be used to exhaust a phone. */
export const argon2 = { passes: 3, lanes: 4, memoryExponent: 16 } as const
const saltLength = 16
const nonceLength = 12
const encryptedLength = 32 + 16
const aes256 = 9
const gcm = 3

function checkLock(lock: Bytes): ProtocolRefusal | null {
  // 254 and 255 do not bind the private half to its public one; 0 is no lock at all.
  if (lock[0] !== 253) return 's2k-usage'
  if (lock[2] !== aes256 || lock[3] !== gcm) return 'cipher-not-allowed'
  const s2k = lock.slice(5, 25)
  const [passes, lanes, memory] = s2k.slice(1 + saltLength)
  const ours = passes === argon2.passes && lanes === argon2.lanes && memory === argon2.memoryExponent
  if (lock[4] !== 20 || s2k[0] !== 4 || !ours) return 's2k-parameters'
  const rest = 4 + s2k.length + nonceLength - 1
  if (lock[1] !== rest || lock.length !== 2 + rest + encryptedLength) return 'packet-malformed'
  return null
}

export type LockedKey = { readonly bytes: Bytes; readonly public: PublicKey }

const secretTags = [tags.secretKey, tags.signature, tags.secretSubkey, tags.signature] as const

/** Splits a transferable secret key into its public certificate and what follows each public half. */
export function readSecretKey(
  bytes: Bytes,
): Result<{ readonly publicKey: string; readonly primary: Bytes; readonly subkey: Bytes }, ProtocolRefusal> {
  const bodies = readPackets(bytes, secretTags)
  if (!bodies.ok) return bodies
  const [primary, direct, subkey, binding] = bodies.value
  if (!primary || !direct || !subkey || !binding) return refused('packet-malformed')
  const certificate = concat(
    packet(tags.publicKey, primary.slice(0, keyBodyLength)),
    packet(tags.signature, direct),
    packet(tags.publicSubkey, subkey.slice(0, keyBodyLength)),
    packet(tags.signature, binding),
  )
  return ok({
    publicKey: base64(certificate),
    primary: primary.slice(keyBodyLength),
    subkey: subkey.slice(keyBodyLength),
  })
}

/** A transferable secret key from its certificate and what is to follow each public half. */
export function writeSecretKey(publicKey: string, primary: Bytes, subkey: Bytes): Bytes {
  const bodies = readPackets(unbase64(publicKey) ?? new Uint8Array(0), [
    tags.publicKey,
    tags.signature,
    tags.publicSubkey,
    tags.signature,
  ])
  if (!bodies.ok) throw new Error('readPublicKey has read this certificate')
  const [first, direct, second, binding] = bodies.value
  if (!first || !direct || !second || !binding) throw new Error('four packets were asked for')
  return concat(
    packet(tags.secretKey, first, primary),
    packet(tags.signature, direct),
    packet(tags.secretSubkey, second, subkey),
    packet(tags.signature, binding),
  )
}

/** Reads a stored private key: both halves locked in our one form, and the certificate they carry. */
export async function readLockedKey(locked: string): Promise<Result<LockedKey, ProtocolRefusal>> {
  const bytes = unbase64(locked)
  if (bytes === null) return refused('packet-malformed')
  const parts = readSecretKey(bytes)
  if (!parts.ok) return parts
  const read = await readPublicKey(parts.value.publicKey)
  if (!read.ok) return read
  const wrong = checkLock(parts.value.primary) ?? checkLock(parts.value.subkey)
  return wrong === null ? ok({ bytes, public: read.value }) : refused(wrong)
}

/** That a locked private key has our form and carries this public key: for the server, which stores what it cannot open. */
export async function checkLockedPrivateKey(
  locked: string,
  key: { readonly publicKey: string },
): Promise<Result<null, ProtocolRefusal>> {
  const read = await readLockedKey(locked)
  if (!read.ok) return read
  return read.value.public.publicKey === key.publicKey ? ok(null) : refused('fingerprint-differs')
}
