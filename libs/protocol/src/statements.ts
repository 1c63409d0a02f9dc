// Signed statements on the wire: parsed strictly, checked against a key, and made (protocol.md § 4). What they mean is the domain's.
import type { AuthorityId, CaseId, Place, Result, Statement, TenantId, Verified } from '#libs/domain'
import { isUuid, ok, refused } from '#libs/domain'
import type { PublicKey } from './public-key.ts'
import type { ProtocolRefusal } from './refusals.ts'
import type { Shape } from './shape.ts'
import { count, either, nullable, object, oneOf, text } from './shape.ts'
import type { Signed } from './signed-bytes.ts'
import { checkSigned, hashOf, parseCanonical } from './signed-bytes.ts'
import {
  at,
  fingerprint,
  hash as hashShape,
  ledgerShapes,
  strandShapes,
  tenantHeads,
  tenantShapes,
  user,
} from './statement-shapes.ts'

/** A chain's address in its one written form. */
export function parsePlace(name: string): Result<Place, ProtocolRefusal> {
  const [chain, ...ids] = name.split('/')
  if (!ids.every(isUuid)) return refused('place-wrong')
  const [first, second, third] = ids
  if (chain === 'tenant' && first && ids.length === 1) return ok({ chain, tenant: first as TenantId }) // checked above
  if (chain === 'ledger' && first && second && ids.length === 2)
    return ok({ chain, case: first as CaseId, authority: second as AuthorityId }) // checked above
  if (chain === 'strand' && first && second && third && ids.length === 3 && second !== third)
    return ok({ chain, case: first as CaseId, from: second as AuthorityId, to: third as AuthorityId }) // checked above
  return refused('place-wrong')
}

type Frame = Omit<Statement, 'v' | 'type' | 'body'> & {
  readonly v: number
  readonly type: string
  readonly body: unknown
}

const anything: Shape<unknown> = (value): value is unknown => value !== undefined
const frame: Shape<Frame> = object<Frame>({
  v: count,
  type: text(40),
  place: text(200),
  n: count,
  prev: nullable(hashShape),
  at,
  by: either(user, oneOf('root')),
  key: fingerprint,
  tenantHeads,
  body: anything,
})

const shapesOf: Record<Place['chain'], Readonly<Record<string, Shape<unknown>>>> = {
  tenant: tenantShapes,
  ledger: ledgerShapes,
  strand: strandShapes,
}

/** Reads a statement before its signer's key is known: canonical, of a known type that may stand in its place, every member in shape. */
export function parseStatement(bytes: string): Result<Statement, ProtocolRefusal> {
  const parsed = parseCanonical(bytes)
  if (!parsed.ok) return parsed
  const value = parsed.value
  if (!frame(value)) return refused('shape-wrong')
  if (value.v !== 1) return refused('version-unknown')
  const place = parsePlace(value.place)
  if (!place.ok) return place
  const shapes = shapesOf[place.value.chain]
  const shape = Object.hasOwn(shapes, value.type) ? shapes[value.type] : undefined
  if (shape === undefined) return refused('type-unknown')
  if (!shape(value.body)) return refused('shape-wrong')
  if ((value.n === 0) !== (value.prev === null)) return refused('shape-wrong')
  if (value.by === 'root' && place.value.chain !== 'tenant') return refused('signer-differs')
  return ok(value as unknown as Statement) // every member has been checked against the type's own table
}

/** A statement that this key signed. Place in the chain, certification and right are the domain's to judge. */
export async function verifyStatement(signed: Signed, key: PublicKey): Promise<Result<Verified, ProtocolRefusal>> {
  const parsed = parseStatement(signed.bytes)
  if (!parsed.ok) return parsed
  const statement = parsed.value
  if (statement.key !== key.signing) return refused('signer-differs')
  const [checked, hash] = await Promise.all([
    checkSigned('statement', signed, key, statement.at),
    hashOf('statement', signed.bytes),
  ])
  return checked.ok ? ok({ statement, hash }) : checked
}
