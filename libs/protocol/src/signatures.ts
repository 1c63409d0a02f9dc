// Version 6 Ed25519/SHA-512 signatures (RFC 9580 § 5.2): made and read in one form each.
import type { Fingerprint, Instant, Result } from '#libs/domain'
import { millisecondsOf, ok, refused } from '#libs/domain'
import type { Bytes, Random } from './bytes.ts'
import { concat, equal, hex, readUint32, uint32, unhex } from './bytes.ts'
import { packet, tags } from './packets.ts'
import { ed25519Sign, ed25519Verify, sha512 } from './primitives.ts'
import type { ProtocolRefusal } from './refusals.ts'

export const signatureTypes = { binary: 0x00, subkeyBinding: 0x18, directKey: 0x1f } as const
export type SignatureType = (typeof signatureTypes)[keyof typeof signatureTypes]

const ed25519 = 27
const sha512Id = 10
const saltLength = 32

const subpacket = (type: number, ...body: readonly Bytes[]): Bytes => {
  const whole = concat(...body)
  return concat(new Uint8Array([whole.length + 1, type]), whole)
}

export const secondsOf = (at: Instant): Bytes => uint32(millisecondsOf(at) / 1000)

/** Creation time (critical), what the signature says of a key, issuer's fingerprint (RFC 9580 §§ 5.2.3.11, .35). */
const hashedArea = (at: Instant, issuer: Fingerprint, said: readonly Bytes[]): Bytes =>
  concat(subpacket(0x82, secondsOf(at)), ...said, subpacket(0x21, new Uint8Array([6]), unhex(issuer)))

const critical = 0x80
/** Key flags: what the key may be used for. */
const keyFlags = (flags: number): Bytes => subpacket(0x1b | critical, new Uint8Array([flags]))
// SHA-512; SEIPDv2; AES-256 with GCM: what a stock tool is to use towards this key.
const preferences = concat(
  subpacket(0x15, new Uint8Array([sha512Id])),
  subpacket(0x1e, new Uint8Array([8])),
  subpacket(0x27, new Uint8Array([9, 3])),
)
export const saidOf: Record<SignatureType, readonly Bytes[]> = {
  [signatureTypes.binary]: [],
  [signatureTypes.directKey]: [keyFlags(0x03), preferences],
  [signatureTypes.subkeyBinding]: [keyFlags(0x0c)],
}

const trailer = (hashed: Bytes): Bytes => concat(new Uint8Array([6, 0xff]), uint32(hashed.length))

const digestOf = (salt: Bytes, data: Bytes, hashed: Bytes): Promise<Bytes> =>
  sha512(concat(salt, data, hashed, trailer(hashed)))

export type SignInput = {
  readonly type: SignatureType
  readonly data: Bytes
  readonly at: Instant
  readonly issuer: Fingerprint
  readonly signer: CryptoKey
  readonly random: Random
}

/** The signature's packet, and the salt that a one-pass packet before the data repeats. */
export async function sign(input: SignInput): Promise<{ readonly packet: Bytes; readonly salt: Bytes }> {
  const area = hashedArea(input.at, input.issuer, saidOf[input.type])
  const hashed = concat(new Uint8Array([6, input.type, ed25519, sha512Id]), uint32(area.length), area)
  const salt = input.random(saltLength)
  const digest = await digestOf(salt, input.data, hashed)
  const signature = await ed25519Sign(input.signer, digest)
  const rest = [uint32(0), digest.slice(0, 2), new Uint8Array([saltLength]), salt, signature]
  return { packet: packet(tags.signature, hashed, ...rest), salt }
}

export type ReadSignature = {
  readonly hashed: Bytes
  readonly issuer: Fingerprint
  readonly seconds: number
  readonly left: Bytes
  readonly salt: Bytes
  readonly signature: Bytes
}

type Area = { readonly issuer: Bytes; readonly seconds: number }

// Beside time and issuer only what describes a key may stand there, and that only in what describes a key. Expiry, notations
// and revocations are said once, by statements (protocol.md § 3), and a reader who ignored them would be misled.
const aboutKeys: readonly number[] = [0x0b, 0x15, 0x16, 0x1b, 0x1e, 0x22, 0x27]

function readArea(area: Bytes, type: SignatureType): Area | null {
  const seen = new Map<number, Bytes>()
  for (let at = 0; at < area.length;) {
    const length = area[at] ?? 0
    const kind = (area[at + 1] ?? 0) & 0x7f
    if (length < 1 || length >= 192 || at + 1 + length > area.length || seen.has(kind)) return null
    seen.set(kind, area.slice(at + 2, at + 1 + length))
    at += 1 + length
  }
  const time = seen.get(0x02)
  const issuer = seen.get(0x21)
  if (time?.length !== 4 || issuer?.length !== 33 || issuer[0] !== 6) return null
  const others = [...seen.keys()].filter((kind) => kind !== 0x02 && kind !== 0x21)
  if (type === signatureTypes.binary ? others.length > 0 : others.some((kind) => !aboutKeys.includes(kind))) return null
  return { issuer: issuer.slice(1), seconds: readUint32(time, 0) }
}

/** Reads a signature packet's body: v6, this type, Ed25519, SHA-512, nothing unhashed. */
export function readSignature(body: Bytes, type: SignatureType): Result<ReadSignature, ProtocolRefusal> {
  if (body[0] !== 6) return refused('signature-version')
  if (body[1] !== type) return refused('signature-not-binary')
  if (body[2] !== ed25519 || body[3] !== sha512Id) return refused('signature-algorithm')
  if (body.length < 8) return refused('packet-malformed')
  const areaLength = readUint32(body, 4)
  const end = 8 + areaLength
  if (body.length !== end + 4 + 2 + 1 + saltLength + 64) return refused('packet-malformed')
  if (readUint32(body, end) !== 0 || body[end + 6] !== saltLength) return refused('packet-malformed')
  const area = readArea(body.slice(8, end), type)
  if (area === null) return refused('packet-malformed')
  return ok({
    hashed: body.slice(0, end),
    issuer: hex(area.issuer) as Fingerprint, // 32 bytes: the version octet before them was 6
    seconds: area.seconds,
    left: body.slice(end + 4, end + 6),
    salt: body.slice(end + 7, end + 7 + saltLength),
    signature: body.slice(end + 7 + saltLength),
  })
}

export async function checkSignature(
  read: ReadSignature,
  data: Bytes,
  by: { readonly signing: Fingerprint; readonly verifier: CryptoKey },
): Promise<Result<null, ProtocolRefusal>> {
  if (read.issuer !== by.signing) return refused('signature-issuer')
  const digest = await digestOf(read.salt, data, read.hashed)
  if (!equal(digest.slice(0, 2), read.left)) return refused('signature-wrong')
  return (await ed25519Verify(by.verifier, read.signature, digest)) ? ok(null) : refused('signature-wrong')
}
