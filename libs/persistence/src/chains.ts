// How a signed statement becomes a row and a row a statement again; the places of chains.
import type { AuthorityId, CaseId, Hash, PlaceName, TenantId, UserId } from '#libs/domain'
import type { StatementToStore, StoredStatement } from './signed.ts'

type Parts =
  | {
      readonly kind: 'tenant'
      readonly tenant_id: TenantId
      readonly case_id: null
      readonly authority_id: null
      readonly recipient_id: null
    }
  | {
      readonly kind: 'ledger'
      readonly tenant_id: null
      readonly case_id: CaseId
      readonly authority_id: AuthorityId
      readonly recipient_id: null
    }
  | {
      readonly kind: 'strand'
      readonly tenant_id: null
      readonly case_id: CaseId
      readonly authority_id: AuthorityId
      readonly recipient_id: AuthorityId
    }

export type StatementRow = Parts & {
  readonly hash: Hash
  readonly place: PlaceName
  readonly n: number
  readonly type: string
  readonly by_user_id: UserId | null
  readonly signing: string
  readonly at: string
  readonly bytes: string
  readonly signature: string
  readonly in_chain: boolean
}

const none = { tenant_id: null, case_id: null, authority_id: null, recipient_id: null }

/** The columns that a chain's place name stands for. Throws on a name that no statement could carry: callers have parsed. */
export function partsOf(place: PlaceName): Parts {
  const [kind, first, second, third] = place.split('/')
  // The ids were parsed with the statement; these are the same texts under their brands.
  if (kind === 'tenant' && first !== undefined) return { ...none, kind, tenant_id: first as TenantId }
  if (kind === 'ledger' && first !== undefined && second !== undefined)
    return { ...none, kind, case_id: first as CaseId, authority_id: second as AuthorityId }
  if (kind === 'strand' && first !== undefined && second !== undefined && third !== undefined)
    return {
      ...none,
      kind,
      case_id: first as CaseId,
      authority_id: second as AuthorityId,
      recipient_id: third as AuthorityId,
    }
  throw new Error('not a place')
}

/** `held`: a withdrawal outside its place in the chain. */
export function rowOf({ signed, verified }: StatementToStore, how: 'in-chain' | 'held'): StatementRow {
  const { statement, hash } = verified
  return {
    ...partsOf(statement.place),
    hash,
    place: statement.place,
    n: statement.n,
    type: statement.type,
    by_user_id: statement.by === 'root' ? null : statement.by,
    signing: statement.key,
    at: statement.at,
    bytes: signed.bytes,
    signature: signed.signature,
    in_chain: how === 'in-chain',
  }
}

/** As selected by `statementColumns`. */
export type StatementAnswer = {
  readonly place: string
  readonly n: number
  readonly hash: Hash
  readonly bytes: string
  readonly signature: string
  readonly accepted_at: Date
  readonly in_chain: boolean
}
export const statementColumns = `place, n, hash, bytes, translate(encode(signature, 'base64'), E'\\n', '') as signature, accepted_at, in_chain`

export const storedStatement = (row: StatementAnswer): StoredStatement => ({
  place: row.place,
  n: row.n,
  hash: row.hash,
  bytes: row.bytes,
  signature: row.signature,
  acceptedAt: row.accepted_at,
  inChain: row.in_chain,
})
