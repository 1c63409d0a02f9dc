// What must be told outside the database, kept in the transaction that caused it until it has been told.
import type { AuthorityId, CaseId, KeyId, UserId } from '#libs/domain'
import type { Tx } from './transaction.ts'

/** Ids only. `scope.changed`: this person lost these keys, or her assignment. `chain.moved`: tell those of this authority who follow the case. */
export type Effect =
  | { readonly kind: 'scope.changed'; readonly case: CaseId; readonly user: UserId; readonly left: readonly KeyId[] }
  | { readonly kind: 'chain.moved'; readonly case: CaseId; readonly authorities: readonly AuthorityId[] }
export type OutboxRow = { readonly id: string; readonly effect: Effect; readonly at: Date }
/** Rows not yet told, oldest first, locked until the transaction ends (others skip them); run as {system: 'publisher', tenant: null}. */
export declare function claim(
  tx: Tx,
  request: { readonly limit: number; readonly case: CaseId | null },
): Promise<readonly OutboxRow[]>
export declare function markTold(tx: Tx, ids: readonly string[]): Promise<void>
