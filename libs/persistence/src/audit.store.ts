// The append-only log: written in the act's own transaction, chained per tenant by the worker's sealer.
import type { Act, AuthorityId, CaseId, TenantId, UserId } from '#libs/domain'
import type { Permit } from '#libs/policy'
import type { Page } from './signed.ts'
import type { Tx } from './transaction.ts'

/** Who and when are the transaction's; a caller cannot say them. */
export type AuditEntry = {
  readonly act: Act
  readonly outcome: 'allowed' | 'refused' | 'absent'
  readonly case: CaseId | null
  readonly subject: string | null
  readonly reason: string | null
}
export type LogEntry = {
  readonly id: string
  readonly at: Date
  readonly user: UserId | null
  readonly authority: AuthorityId | null
  readonly act: Act
  readonly outcome: 'allowed' | 'refused' | 'absent'
  readonly reason: string | null
}
export declare function record(tx: Tx, entries: readonly AuditEntry[]): Promise<void>
/** The actor's authority's entries of one case, newest first, 100 at most. */
export declare function pageOfCase(tx: Tx, permit: Permit<'audit.read'>, after: string | null): Promise<Page<LogEntry>>
/** Tenants with entries not yet chained; run as {system: 'sweeper', tenant: null}. */
export declare function tenantsToSeal(tx: Tx): Promise<readonly TenantId[]>
/** Chains up to `limit` waiting entries of one tenant; run as {system: 'sealer', tenant}. Answers how many. */
export declare function sealNext(tx: Tx, limit: number): Promise<number>
/** Walks a tenant's chain from the start; the place of the first entry that does not fit, or null. Run as the sealer. */
export declare function firstBrokenSeal(tx: Tx): Promise<number | null>
