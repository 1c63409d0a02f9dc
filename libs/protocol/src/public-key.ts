// Certificates: an Ed25519 primary that signs and one X25519 subkey bound to it (RFC 9580 §§ 5.5.2, 10.1.1); written and read in that form alone.
import type { Fingerprint, Instant, Result } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { Bytes, Random } from './bytes.ts'
import { base64, concat, fingerprintFrom, uint32, unbase64 } from './bytes.ts'
import { packet, readPackets, tags } from './packets.ts'
import { importAgreement, importVerifier, sha256, x25519 } from './primitives.ts'
import type { ProtocolRefusal } from './refusals.ts'
import { checkSignature, readSignature, secondsOf, sign, signatureTypes } from './signatures.ts'

/** A read certificate: its binding checked, its keys imported once. Keep it as long as the key is in use. */
export type PublicKey = {
  readonly publicKey: string
  readonly signing: Fingerprint
  readonly encryption: Fingerprint
  readonly verifier: CryptoKey
  /** The points behind both fingerprints. */
  readonly signingPoint: Bytes
  readonly recipient: Bytes
}

export const algorithms = { x25519: 25, ed25519: 27 } as const
type Algorithm = (typeof algorithms)[keyof typeof algorithms]

/** The 42 bytes of a version 6 public key (RFC 9580 § 5.5.2.3). */
export const keyBody = (at: Instant, algorithm: Algorithm, material: Bytes): Bytes =>
  concat(new Uint8Array([6]), secondsOf(at), new Uint8Array([algorithm]), uint32(material.length), material)

export const keyBodyLength = 42
const framed = (body: Bytes): Bytes => concat(new Uint8Array([0x9b]), uint32(body.length), body)
export const fingerprintOf = async (body: Bytes): Promise<Fingerprint> => fingerprintFrom(await sha256(framed(body)))

/** The version, algorithm and length of a public key's bytes, as they open a public or a secret key packet. */
function checkKeyBody(body: Bytes, algorithm: Algorithm): Result<Bytes, ProtocolRefusal> {
  if (body[0] !== 6) return refused('key-version')
  if (body[5] !== algorithm) return refused('key-algorithm')
  const length = concat(uint32(32))
  if (body.length !== keyBodyLength || length.some((byte, i) => body[6 + i] !== byte)) return refused('key-malformed')
  return ok(body.slice(10))
}

export type Certifying = {
  readonly primary: Bytes
  readonly subkey: Bytes
  readonly signer: CryptoKey
  readonly at: Instant
  readonly random: Random
}

/** The two self-signatures without which no tool takes the keys for one certificate. */
async function selfSignatures(input: Certifying): Promise<{ readonly direct: Bytes; readonly binding: Bytes }> {
  const issuer = await fingerprintOf(input.primary)
  const { at, signer, random } = input
  const direct = await sign({ type: signatureTypes.directKey, data: framed(input.primary), at, issuer, signer, random })
  const both = concat(framed(input.primary), framed(input.subkey))
  const binding = await sign({ type: signatureTypes.subkeyBinding, data: both, at, issuer, signer, random })
  return { direct: direct.packet, binding: binding.packet }
}

export async function certificate(input: Certifying): Promise<string> {
  const { direct, binding } = await selfSignatures(input)
  return base64(concat(packet(tags.publicKey, input.primary), direct, packet(tags.publicSubkey, input.subkey), binding))
}

// A scalar like any other: X25519 of a point of small order is zero for all of them, so one trial tells.
const trialScalar = Uint8Array.from({ length: 32 }, (_, i) => i + 1)

/** Reads a certificate: exactly primary, direct-key signature, X25519 subkey, binding; both signatures checked. */
export async function readPublicKey(publicKey: string): Promise<Result<PublicKey, ProtocolRefusal>> {
  const bytes = unbase64(publicKey)
  if (bytes === null) return refused('packet-malformed')
  const bodies = readPackets(bytes, [tags.publicKey, tags.signature, tags.publicSubkey, tags.signature])
  if (!bodies.ok) return bodies
  const [primary, direct, subkey, binding] = bodies.value
  if (!primary || !direct || !subkey || !binding) return refused('packet-malformed')
  return readCertificate({ publicKey, primary, direct, subkey, binding })
}

type Parts = {
  readonly publicKey: string
  readonly primary: Bytes
  readonly direct: Bytes
  readonly subkey: Bytes
  readonly binding: Bytes
}

async function readCertificate(parts: Parts): Promise<Result<PublicKey, ProtocolRefusal>> {
  const signingPoint = checkKeyBody(parts.primary, algorithms.ed25519)
  if (!signingPoint.ok) return signingPoint
  const recipient = checkKeyBody(parts.subkey, algorithms.x25519)
  if (!recipient.ok) return recipient
  if ((await x25519(await importAgreement(trialScalar), recipient.value)) === null) return refused('key-malformed')
  const signing = await fingerprintOf(parts.primary)
  const verifier = await importVerifier(signingPoint.value).catch(() => null)
  if (verifier === null) return refused('key-malformed')
  const direct = readSignature(parts.direct, signatureTypes.directKey)
  const binding = readSignature(parts.binding, signatureTypes.subkeyBinding)
  if (!direct.ok) return direct
  if (!binding.ok) return binding
  const by = { signing, verifier }
  if (!(await checkSignature(direct.value, framed(parts.primary), by)).ok) return refused('key-malformed')
  const both = concat(framed(parts.primary), framed(parts.subkey))
  if (!(await checkSignature(binding.value, both, by)).ok) return refused('subkey-not-bound')
  const encryption = await fingerprintOf(parts.subkey)
  return ok({
    publicKey: parts.publicKey,
    signing,
    encryption,
    verifier,
    signingPoint: signingPoint.value,
    recipient: recipient.value,
  })
}
