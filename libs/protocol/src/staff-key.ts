// Staff keys as they are made and used, and what their signatures are put on (protocol.md § 3).
import type { Fingerprint, Hash, Instant, Statement } from '#libs/domain'
import type { Bytes, Random } from './bytes.ts'
import { base64, equal } from './bytes.ts'
import type { Cursor } from './cursors.ts'
import type { Opener } from './open-wraps.ts'
import { ed25519Public, importAgreement, importSigner, jcs, x25519Public } from './primitives.ts'
import type { PublicKey } from './public-key.ts'
import { algorithms, certificate, keyBody, readPublicKey } from './public-key.ts'
import type { Signed, SignedKind } from './signed-bytes.ts'
import { hashOf, signedBytesOf } from './signed-bytes.ts'
import { sign, signatureTypes } from './signatures.ts'

/** An unlocked staff (or root) key: it signs and opens, and neither private half can be taken out of it. */
export type StaffKey = { readonly public: PublicKey; readonly signer: CryptoKey; readonly opener: Opener }

/** The private halves of a key that has just been made: to be locked under a passphrase, then forgotten. */
export type PrivateHalves = { readonly seed: Bytes; readonly scalar: Bytes; readonly publicKey: string }

export type NewStaffKey = {
  readonly publicKey: string
  readonly signing: Fingerprint
  readonly encryption: Fingerprint
  readonly key: StaffKey
  readonly halves: PrivateHalves
}

/** A key in use from its private halves; null where they are not those of the certificate. */
export async function staffKeyOf(halves: PrivateHalves): Promise<StaffKey | null> {
  const read = await readPublicKey(halves.publicKey)
  if (!read.ok) return null
  const agree = await importAgreement(halves.scalar)
  const [signingPoint, point] = await Promise.all([ed25519Public(halves.seed), x25519Public(agree)])
  const { encryption, recipient } = read.value
  if (!equal(signingPoint, read.value.signingPoint) || !equal(point, recipient)) return null
  const signer = await importSigner(halves.seed)
  return { public: read.value, signer, opener: { encryption, recipient, agree } }
}

/** A new key pair and its certificate; `at` is the key's creation time, never later than what it signs. */
export async function createStaffKey(input: { readonly random: Random; readonly at: Instant }): Promise<NewStaffKey> {
  const { random, at } = input
  const seed = random(32)
  const scalar = random(32)
  const primary = keyBody(at, algorithms.ed25519, await ed25519Public(seed))
  const subkey = keyBody(at, algorithms.x25519, await x25519Public(await importAgreement(scalar)))
  const publicKey = await certificate({ primary, subkey, signer: await importSigner(seed), at, random })
  const halves = { seed, scalar, publicKey }
  const key = await staffKeyOf(halves)
  if (key === null) throw new Error('our own certificate does not read')
  return { publicKey, signing: key.public.signing, encryption: key.public.encryption, key, halves }
}

async function signText(kind: SignedKind, text: string, at: Instant, by: StaffKey, random: Random): Promise<Signed> {
  const data = signedBytesOf(kind, text)
  const issuer = by.public.signing
  const signature = await sign({ type: signatureTypes.binary, data, at, issuer, signer: by.signer, random })
  return { bytes: text, signature: base64(signature.packet) }
}

type Unsign<S> = S extends Statement ? Omit<S, 'v' | 'key'> : never
export type UnsignedStatement = Unsign<Statement>
/** As sent, and as its signer goes on with it. */
export type SignedStatement = { readonly signed: Signed; readonly hash: Hash; readonly statement: Statement }

/** Signs a statement in this key's name; version and key are filled in. */
export async function signStatement(
  unsigned: UnsignedStatement,
  by: StaffKey,
  random: Random,
): Promise<SignedStatement> {
  const statement: Statement = { ...unsigned, v: 1, key: by.public.signing }
  const text = jcs(statement)
  const signed = await signText('statement', text, statement.at, by, random)
  return { signed, hash: await hashOf('statement', text), statement }
}

/** Signs how far one has read (protocol.md § 7). */
export function signCursor(cursor: Omit<Cursor, 'v' | 'key'>, by: StaffKey, random: Random): Promise<Signed> {
  return signText('cursor', jcs({ ...cursor, v: 1, key: by.public.signing }), cursor.at, by, random)
}
