// What the server can check of a message: that ciphertext and seals have their one form. It can open neither.
import type { Hash, Result } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { Bytes } from './bytes.ts'
import { unbase64 } from './bytes.ts'
import { isSealLength } from './message-form.ts'
import { readPackets, tags } from './packets.ts'
import { hashOfBytes } from './primitives.ts'
import type { ProtocolRefusal } from './refusals.ts'
import { readEncrypted } from './seipd.ts'

/** One SEIPDv2 packet under AES-256-GCM, nothing trailing; answers its bytes. */
export function checkCiphertext(ciphertext: string): Result<Bytes, ProtocolRefusal> {
  const bytes = unbase64(ciphertext)
  if (bytes === null) return refused('packet-malformed')
  const bodies = readPackets(bytes, [tags.seipd])
  if (!bodies.ok) return bodies
  const [body] = bodies.value
  const form = body === undefined ? refused<ProtocolRefusal>('packet-malformed') : readEncrypted(body)
  return form.ok ? ok(bytes) : form
}

/** SHA-256 of such a ciphertext, of which running hashes are made. */
export async function hashOfCiphertext(ciphertext: string): Promise<Result<Hash, ProtocolRefusal>> {
  const bytes = checkCiphertext(ciphertext)
  return bytes.ok ? ok(await hashOfBytes(bytes.value)) : bytes
}

/** That these bytes can be a seal, or one added later. */
export function checkSeal(bytes: string): Result<'seal' | 'late', ProtocolRefusal> {
  const box = unbase64(bytes)
  const kind = box === null ? null : isSealLength(box.length)
  return kind === null ? refused('packet-malformed') : ok(kind)
}
