// Cursors: how far a person has read a stream, or an authority a strand, signed (protocol.md § 7).
import type { AuthorityId, CaseId, Fingerprint, Hash, Instant, Result, UserId } from '#libs/domain'
import { isUuid, ok, refused } from '#libs/domain'
import type { PublicKey } from './public-key.ts'
import type { ProtocolRefusal } from './refusals.ts'
import type { Shape } from './shape.ts'
import { count, either, matching, object, oneOf } from './shape.ts'
import type { Signed } from './signed-bytes.ts'
import { checkSigned, parseCanonical } from './signed-bytes.ts'
import { at, fingerprint, hash, user } from './statement-shapes.ts'
import type { StreamName } from './streams.ts'

/** A strand as a cursor names it: its newest statement is `seq`, its hash `h`. */
export type StrandName = { readonly case: CaseId; readonly from: AuthorityId; readonly to: AuthorityId }

export type Cursor = {
  readonly v: 1
  readonly by: UserId
  readonly key: Fingerprint
  readonly at: Instant
  readonly stream: StreamName | StrandName
  readonly seq: number
  readonly h: Hash
}

const id = <T extends string>(): Shape<T> => matching<T>(isUuid)
const shape: Shape<Cursor> = object<Cursor>({
  v: oneOf(1),
  by: user,
  key: fingerprint,
  at,
  stream: either(
    object<StreamName>({ key: id(), context: id() }),
    object<StrandName>({ case: id(), from: id(), to: id() }),
  ),
  seq: count,
  h: hash,
})

export function parseCursor(bytes: string): Result<Cursor, ProtocolRefusal> {
  const parsed = parseCanonical(bytes)
  if (!parsed.ok) return parsed
  return shape(parsed.value) ? ok(parsed.value) : refused('shape-wrong')
}

/** A cursor that this key signed; whose it is and what it reaches is the caller's to compare. */
export async function verifyCursor(signed: Signed, key: PublicKey): Promise<Result<Cursor, ProtocolRefusal>> {
  const parsed = parseCursor(signed.bytes)
  if (!parsed.ok) return parsed
  if (parsed.value.key !== key.signing) return refused('signer-differs')
  const checked = await checkSigned('cursor', signed, key, parsed.value.at)
  return checked.ok ? parsed : checked
}
