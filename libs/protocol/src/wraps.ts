// Makes keys for others: wraps for a person's or an authority's subkey, reception keys, flow keys under an epoch (protocol.md § 5).
import type { CompartmentId, Hash, Instant, KeyId, SubjectId } from '#libs/domain'
import type { Bytes, Random } from './bytes.ts'
import { base64, concat, hashFrom, utf8 } from './bytes.ts'
import { literal } from './literal.ts'
import { packet, tags } from './packets.ts'
import {
  derive,
  ed25519Public,
  gcmBox,
  hashOfBytes,
  importAgreement,
  importHkdf,
  importSigner,
  keyWrap,
  x25519,
  x25519Public,
} from './primitives.ts'
import type { PublicKey } from './public-key.ts'
import { algorithms, certificate, keyBody } from './public-key.ts'
import { encryptPacket } from './seipd.ts'
import { pkeskBody, wrappingKey } from './wrap-form.ts'

/** An epoch or flow key in the clear, imported once. */
export type CaseKey = { readonly id: KeyId; readonly secret: Bytes; readonly hkdf: CryptoKey }
export const caseKey = async (id: KeyId, secret: Bytes): Promise<CaseKey> => ({
  id,
  secret,
  hkdf: await importHkdf(secret),
})

/** Binds a key to its place and id: nobody can be slipped another key under the same name (protocol.md § 5 `commit`). */
export const commitOf = async (secret: Bytes, of: CompartmentId | SubjectId, key: KeyId): Promise<Hash> =>
  hashFrom(await derive(await importHkdf(secret), 'commit', of, key))

/** A wrap and the hash that its statement names. */
export type WrapBytes = { readonly bytes: string; readonly hash: Hash }
const named = async (bytes: Bytes): Promise<WrapBytes> => ({ bytes: base64(bytes), hash: await hashOfBytes(bytes) })

export type WrapInput = { readonly secret: Bytes; readonly key: KeyId; readonly to: PublicKey; readonly random: Random }

/** One secret for one reader: the packet's session key is the secret and its plaintext the key's id, so a stock tool opens it. */
export async function wrapSecret(input: WrapInput): Promise<WrapBytes> {
  const { secret, to, random } = input
  const scalar = await importAgreement(random(32))
  const [ephemeral, shared] = await Promise.all([x25519Public(scalar), x25519(scalar, to.recipient)])
  if (shared === null) throw new Error('readPublicKey refuses points of small order')
  const wrapped = await keyWrap(await wrappingKey(ephemeral, to.recipient, shared), secret)
  const pkesk = packet(tags.pkesk, pkeskBody(to.encryption, ephemeral, wrapped))
  return named(concat(pkesk, await encryptPacket(secret, literal(utf8(input.key)), random)))
}

/** A new reception key: one X25519 subkey under a primary whose seed is forgotten here, so nothing more can be bound to it. */
export async function createReception(input: {
  readonly random: Random
  readonly at: Instant
}): Promise<{ readonly publicKey: string; readonly secret: Bytes }> {
  const { random, at } = input
  const seed = random(32)
  const secret = random(32)
  const primary = keyBody(at, algorithms.ed25519, await ed25519Public(seed))
  const subkey = keyBody(at, algorithms.x25519, await x25519Public(await importAgreement(secret)))
  const publicKey = await certificate({ primary, subkey, signer: await importSigner(seed), at, random })
  seed.fill(0)
  return { publicKey, secret }
}

/** The flow key for own readers: once under the content key of its compartment, never per person. */
export async function sealFlowKeyUnderEpoch(flow: CaseKey, epoch: CaseKey, random: Random): Promise<WrapBytes> {
  const key = await derive(epoch.hkdf, 'flow', epoch.id, flow.id)
  return named(await gcmBox(key, random(12), flow.secret))
}
