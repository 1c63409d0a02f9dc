// The one encrypted packet: SEIPD version 2, AES-256-GCM, one chunk (RFC 9580 § 5.13.2). Its making and its form; open-seipd.ts opens it.
import type { Result } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { Bytes, Random } from './bytes.ts'
import { concat, uint32 } from './bytes.ts'
import { packet, tags } from './packets.ts'
import { hkdf, importHkdf } from './primitives.ts'
import type { ProtocolRefusal } from './refusals.ts'

// SEIPDv2 only: version 1 proves a message whole at its end and under no associated data (protocol.md § 2). Version, AES-256,
// GCM, chunks of 2^(12+6) octets: whatever this protocol encrypts is smaller than one chunk.
const parameters = new Uint8Array([2, 9, 3, 12])
const chunkLength = 2 ** 18
const saltLength = 32
const tagLength = 16

/** What the packet's key and nonces are bound to: its tag, in the new format, and its parameters. */
export const associated: Bytes = concat(new Uint8Array([0xc0 | tags.seipd]), parameters)

/** Message key and the fixed part of the nonce (RFC 9580 § 5.13.2); exported for other key lengths in the RFC's own vectors. */
export async function seipdKeys(sessionKey: Bytes, salt: Bytes, info: Bytes, keyLength: number) {
  const both = await hkdf(await importHkdf(sessionKey), salt, info, keyLength + 4)
  return { key: both.slice(0, keyLength), iv: both.slice(keyLength) }
}

export const nonceOf = (iv: Bytes, index: number): Bytes => concat(iv, uint32(0), uint32(index))
/** What the last tag covers besides: the number of octets, so that none is cut off. */
export const associatedEnd = (length: number): Bytes => concat(associated, uint32(0), uint32(length))

const subtle = globalThis.crypto.subtle

/** Throws on more than one chunk: callers bound what they encrypt. */
export async function encryptPacket(sessionKey: Bytes, plaintext: Bytes, random: Random): Promise<Bytes> {
  if (plaintext.length > chunkLength) throw new Error('more than one chunk')
  const salt = random(saltLength)
  const { key, iv } = await seipdKeys(sessionKey, salt, associated, 32)
  const aes = await subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  const seal = async (nonce: Bytes, additionalData: Bytes, data: Bytes): Promise<Bytes> =>
    new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData }, aes, data))
  const [chunk, end] = await Promise.all([
    seal(nonceOf(iv, 0), associated, plaintext),
    seal(nonceOf(iv, 1), associatedEnd(plaintext.length), new Uint8Array(0)),
  ])
  return packet(tags.seipd, parameters, salt, chunk, end)
}

export type EncryptedPacket = { readonly salt: Bytes; readonly chunk: Bytes; readonly end: Bytes }

/** Reads the body of an encrypted packet without opening it. */
export function readEncrypted(body: Bytes): Result<EncryptedPacket, ProtocolRefusal> {
  if (body[0] !== 2) return refused('seipd-version')
  if (body[1] !== 9 || body[2] !== 3) return refused('cipher-not-allowed')
  const start = parameters.length + saltLength
  const length = body.length - start - 2 * tagLength
  if (body[3] !== parameters[3] || length < 1 || length > chunkLength) return refused('packet-malformed')
  return ok({
    salt: body.slice(parameters.length, start),
    chunk: body.slice(start, body.length - tagLength),
    end: body.slice(body.length - tagLength),
  })
}
