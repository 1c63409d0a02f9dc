// Opens the one encrypted packet that seipd.ts makes.
import type { Result } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { Bytes } from './bytes.ts'
import { gcmOpenWith, importOpener } from './open-primitives.ts'
import { readPackets, tags } from './packets.ts'
import type { ProtocolRefusal } from './refusals.ts'
import { associated, associatedEnd, nonceOf, readEncrypted, seipdKeys } from './seipd.ts'

/** The plaintext, only when its chunk and the end of the packet both prove whole. */
export async function openPacketBody(sessionKey: Bytes, body: Bytes): Promise<Result<Bytes, ProtocolRefusal>> {
  const read = readEncrypted(body)
  if (!read.ok) return read
  const { salt, chunk, end } = read.value
  const { key, iv } = await seipdKeys(sessionKey, salt, associated, 32)
  const aes = await importOpener(key)
  const [plaintext, last] = await Promise.all([
    gcmOpenWith(aes, nonceOf(iv, 0), chunk, associated),
    gcmOpenWith(aes, nonceOf(iv, 1), end, associatedEnd(chunk.length - 16)),
  ])
  return plaintext === null || last === null ? refused('ciphertext-altered') : ok(plaintext)
}

export async function openPacket(sessionKey: Bytes, bytes: Bytes): Promise<Result<Bytes, ProtocolRefusal>> {
  const bodies = readPackets(bytes, [tags.seipd])
  if (!bodies.ok) return bodies
  const [body] = bodies.value
  return body === undefined ? refused('packet-malformed') : openPacketBody(sessionKey, body)
}
