// Opens wraps and holds what it opens against the signed statement that named it (protocol.md § 5).
import type { CompartmentId, Fingerprint, Hash, KeyId, Result, SubjectId } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { Bytes } from './bytes.ts'
import { equal, textOf, unbase64 } from './bytes.ts'
import { readLiteral } from './literal.ts'
import { gcmUnbox, keyUnwrap } from './open-primitives.ts'
import { openPacketBody } from './open-seipd.ts'
import { readPackets, tags } from './packets.ts'
import { derive, hashOfBytes, importAgreement, x25519, x25519Public } from './primitives.ts'
import { readPublicKey } from './public-key.ts'
import type { ProtocolRefusal } from './refusals.ts'
import { readWrap, wrappingKey } from './wrap-form.ts'
import type { CaseKey } from './wraps.ts'
import { caseKey, commitOf } from './wraps.ts'

/** What opens wraps addressed to one X25519 subkey; the scalar cannot be taken out of `agree`. */
export type Opener = { readonly encryption: Fingerprint; readonly recipient: Bytes; readonly agree: CryptoKey }

/** What the statement says of the key: its id, the hash of this wrap, and the commitment to key and place. */
export type ExpectedKey<Of = CompartmentId | SubjectId> = {
  readonly key: KeyId
  readonly wrap: Hash
  /** The compartment; for a reception key the subject. */
  readonly of: Of
  readonly commit: Hash
}

async function committed(secret: Bytes, expected: ExpectedKey): Promise<Result<CaseKey, ProtocolRefusal>> {
  if ((await commitOf(secret, expected.of, expected.key)) !== expected.commit) return refused('commit-differs')
  return ok(await caseKey(expected.key, secret))
}

/** Opens a wrap for this subkey; refused where bytes, key id or commitment are not those of the statement. */
export async function openWrap(
  bytes: string,
  by: Opener,
  expected: ExpectedKey,
): Promise<Result<CaseKey, ProtocolRefusal>> {
  const read = await readWrap(bytes)
  if (!read.ok) return read
  const wrap = read.value
  if (wrap.hash !== expected.wrap) return refused('wrap-differs')
  if (wrap.to !== by.encryption) return refused('wrap-for-another')
  const shared = await x25519(by.agree, wrap.ephemeral)
  if (shared === null) return refused('wrap-does-not-open')
  const secret = await keyUnwrap(await wrappingKey(wrap.ephemeral, by.recipient, shared), wrap.wrapped)
  if (secret === null) return refused('wrap-does-not-open')
  const id = await keyIdIn(secret, wrap.encrypted)
  if (!id.ok) return id
  return id.value === expected.key ? committed(secret, expected) : refused('wrap-of-another-key')
}

async function keyIdIn(secret: Bytes, encrypted: Bytes): Promise<Result<string | null, ProtocolRefusal>> {
  const plaintext = await openPacketBody(secret, encrypted)
  if (!plaintext.ok) return refused('wrap-does-not-open')
  const bodies = readPackets(plaintext.value, [tags.literal])
  if (!bodies.ok) return bodies
  const [body] = bodies.value
  const data = body === undefined ? refused<ProtocolRefusal>('packet-malformed') : readLiteral(body)
  return data.ok ? ok(textOf(data.value)) : data
}

/** Rebuilds a reception key's subkey from its secret; refused unless it is the one in the published certificate. */
export async function openReception(secret: Bytes, publicKey: string): Promise<Result<Opener, ProtocolRefusal>> {
  const read = await readPublicKey(publicKey)
  if (!read.ok) return read
  const { encryption, recipient } = read.value
  const agree = await importAgreement(secret)
  return equal(await x25519Public(agree), recipient)
    ? ok({ encryption, recipient, agree })
    : refused('fingerprint-differs')
}

/** An own reader's way to a flow key: under the content key of its compartment. */
export async function openFlowKeyUnderEpoch(
  bytes: string,
  epoch: CaseKey,
  expected: ExpectedKey<CompartmentId>,
): Promise<Result<CaseKey, ProtocolRefusal>> {
  const box = unbase64(bytes)
  if (box === null) return refused('packet-malformed')
  if ((await hashOfBytes(box)) !== expected.wrap) return refused('wrap-differs')
  const secret = await gcmUnbox(await derive(epoch.hkdf, 'flow', epoch.id, expected.key), box)
  return secret?.length === 32 ? committed(secret, expected) : refused('wrap-does-not-open')
}
