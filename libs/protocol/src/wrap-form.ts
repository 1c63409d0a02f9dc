// What a wrap looks like from outside: PKESK v6 for one X25519 subkey, then one small encrypted packet; and a flow key under an epoch. Nothing here opens one.
import type { Fingerprint, Hash, Result } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { Bytes } from './bytes.ts'
import { concat, hex, unbase64, unhex, utf8 } from './bytes.ts'
import { readPackets, tags } from './packets.ts'
import { hashOfBytes, hkdf, importHkdf } from './primitives.ts'
import type { ProtocolRefusal } from './refusals.ts'
import { readEncrypted } from './seipd.ts'

/** RFC 9580 § 5.1.2: version, length, key version and fingerprint, X25519, ephemeral point, length, wrapped session key. */
export function pkeskBody(to: Fingerprint, ephemeral: Bytes, wrapped: Bytes): Bytes {
  const head = concat(new Uint8Array([6, 33, 6]), unhex(to), new Uint8Array([25]))
  return concat(head, ephemeral, new Uint8Array([wrapped.length]), wrapped)
}
const wrappedLength = 40
const pkeskLength = 3 + 32 + 1 + 32 + 1 + wrappedLength

/** The key that wraps (RFC 9580 § 5.1.6). */
export async function wrappingKey(ephemeral: Bytes, recipient: Bytes, shared: Bytes): Promise<Bytes> {
  const input = await importHkdf(concat(ephemeral, recipient, shared))
  return hkdf(input, new Uint8Array(0), utf8('OpenPGP X25519'), 16)
}

export type ReadPkesk = { readonly to: string; readonly ephemeral: Bytes; readonly wrapped: Bytes }

export function readPkesk(body: Bytes): Result<ReadPkesk, ProtocolRefusal> {
  if (body[0] !== 6) return refused('pkesk-version')
  // Without a named key (length 0) anybody might be meant; RFC 9580 allows it, this protocol does not.
  if (body.length !== pkeskLength || body[1] !== 33 || body[2] !== 6) return refused('packet-malformed')
  if (body[35] !== 25) return refused('key-algorithm')
  if (body[68] !== wrappedLength) return refused('packet-malformed')
  return ok({ to: hex(body.slice(3, 35)), ephemeral: body.slice(36, 68), wrapped: body.slice(69) })
}

export type ReadWrap = ReadPkesk & { readonly encrypted: Bytes; readonly hash: Hash }

// Literal packet with a key id: two octets of header, six of literal head, 36 of the id.
const keyIdPlaintext = 44

/** Reads a wrap's packets, whoever it is for. */
export async function readWrap(base64Text: string): Promise<Result<ReadWrap, ProtocolRefusal>> {
  const bytes = unbase64(base64Text)
  if (bytes === null) return refused('packet-malformed')
  const bodies = readPackets(bytes, [tags.pkesk, tags.seipd])
  if (!bodies.ok) return bodies
  const [first, encrypted] = bodies.value
  if (!first || !encrypted) return refused('packet-malformed')
  const pkesk = readPkesk(first)
  if (!pkesk.ok) return pkesk
  const form = readEncrypted(encrypted)
  if (!form.ok) return form
  if (form.value.chunk.length !== keyIdPlaintext + 16) return refused('packet-malformed')
  return ok({ ...pkesk.value, encrypted, hash: await hashOfBytes(bytes) })
}

/** That this is a wrap for this subkey; answers the SHA-256 that the statement names (protocol.md § 5). */
export async function checkWrap(
  bytes: string,
  to: { readonly encryption: Fingerprint },
): Promise<Result<Hash, ProtocolRefusal>> {
  const read = await readWrap(bytes)
  if (!read.ok) return read
  return read.value.to === to.encryption ? ok(read.value.hash) : refused('wrap-for-another')
}

const boxedKeyLength = 12 + 32 + 16

/** That this can be a flow key sealed under an epoch (`to: 'epoch'`): nonce, 32 bytes, tag; answers its SHA-256. */
export async function checkEpochSeal(bytes: string): Promise<Result<Hash, ProtocolRefusal>> {
  const box = unbase64(bytes)
  return box?.length === boxedKeyLength ? ok(await hashOfBytes(box)) : refused('packet-malformed')
}
