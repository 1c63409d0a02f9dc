// What must be told outside the database, kept in the transaction that caused it until it has been told.
import type { AuthorityId, CaseId, KeyId, UserId } from '#libs/domain'
import { never } from '#libs/domain'
import type { Tx } from './transaction.ts'
import { changed, query } from './transaction.ts'

/** Ids only. `scope.changed`: this person lost these keys. `chain.moved`: tell those of these authorities who follow the case. */
export type Effect =
  | { readonly kind: 'scope.changed'; readonly case: CaseId; readonly user: UserId; readonly left: readonly KeyId[] }
  | { readonly kind: 'chain.moved'; readonly case: CaseId; readonly authorities: readonly AuthorityId[] }
export type OutboxRow = { readonly id: string; readonly effect: Effect; readonly at: Date }

type Answer = { readonly id: string; readonly case: CaseId; readonly at: Date } & (
  | { readonly kind: 'scope.changed'; readonly user: UserId; readonly ids: readonly KeyId[] }
  | { readonly kind: 'chain.moved'; readonly user: null; readonly ids: readonly AuthorityId[] }
)

function effectOf(row: Answer): Effect {
  switch (row.kind) {
    case 'scope.changed':
      return { kind: row.kind, case: row.case, user: row.user, left: row.ids }
    case 'chain.moved':
      return { kind: row.kind, case: row.case, authorities: row.ids }
    default:
      return never(row)
  }
}

/**
 * Rows not yet told, oldest first, locked until the transaction ends (other publishers skip them); of one case, just after its
 * commit, or of all, for the repetition. Run as {system: 'publisher', tenant: null}.
 */
export async function claim(
  tx: Tx,
  request: { readonly limit: number; readonly case: CaseId | null },
): Promise<readonly OutboxRow[]> {
  const rows = await query<Answer>(
    tx,
    `select id::text as id, kind, case_id as case, user_id as user, ids, at from outbox
     where told_at is null and ${request.case === null ? '$1::uuid is null' : 'case_id = $1'} order by id limit $2 for update skip locked`,
    [request.case, request.limit],
  )
  return rows.map((row) => ({ id: row.id, at: row.at, effect: effectOf(row) }))
}

/** In the transaction that claimed them. */
export async function markTold(tx: Tx, ids: readonly string[]): Promise<void> {
  await changed(tx, 'update outbox set told_at = sluss_now() where id = any ($1::bigint[])', [ids])
}
