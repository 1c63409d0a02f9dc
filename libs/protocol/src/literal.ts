// Literal data and the one-pass packet before it (RFC 9580 §§ 5.4, 5.9): binary, without file name or date.
import type { Fingerprint, Result } from '#libs/domain'
import { ok, refused } from '#libs/domain'
import type { Bytes } from './bytes.ts'
import { concat, equal, unhex } from './bytes.ts'
import { packet, tags } from './packets.ts'
import type { ProtocolRefusal } from './refusals.ts'

const literalHead = new Uint8Array([0x62, 0, 0, 0, 0, 0])
export const literal = (data: Bytes): Bytes => packet(tags.literal, literalHead, data)

export function readLiteral(body: Bytes): Result<Bytes, ProtocolRefusal> {
  const head = body.slice(0, literalHead.length)
  return equal(head, literalHead) ? ok(body.slice(literalHead.length)) : refused('signature-not-binary')
}

const onePassBody = (salt: Bytes, issuer: Fingerprint): Bytes =>
  concat(new Uint8Array([6, 0, 10, 27, salt.length]), salt, unhex(issuer), new Uint8Array([1]))
export const onePass = (salt: Bytes, issuer: Fingerprint): Bytes => packet(tags.onePass, onePassBody(salt, issuer))

/** The one-pass packet must say what the signature after the data says: version, kind, salt and issuer. */
export function checkOnePass(body: Bytes, salt: Bytes, issuer: Fingerprint): Result<null, ProtocolRefusal> {
  return equal(body, onePassBody(salt, issuer)) ? ok(null) : refused('packet-malformed')
}
