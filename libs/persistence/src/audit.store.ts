// The append-only log: written in the act's own transaction, chained per tenant by the worker's sealer.
import type { Act, AuthorityId, CaseId, TenantId, UserId } from '#libs/domain'
import type { Permit, Scope } from '#libs/policy'
import { pageOf, placeOf } from './cursor.ts'
import { scopeSql } from './relations.sql.ts'
import type { Page } from './signed.ts'
import type { Tx } from './transaction.ts'
import { query } from './transaction.ts'

export type Outcome = 'allowed' | 'refused' | 'absent'
/** Who and when are the transaction's; a caller cannot say them. `subject`: the id of what was asked about, where not the case. */
export type AuditEntry = {
  readonly act: Act
  readonly outcome: Outcome
  readonly case: CaseId | null
  readonly subject: string | null
  readonly reason: string | null
}
export type LogEntry = {
  /** Random: the running number would tell how much happens outside the reader's scope. */
  readonly id: string
  readonly at: Date
  readonly user: UserId | null
  readonly authority: AuthorityId | null
  readonly act: Act
  readonly outcome: Outcome
  readonly reason: string | null
}

const logPage = 100
const greatest = 9_223_372_036_854_775_807n // of bigint: an id that no entry has

/** Writes entries in the name of the transaction's person or system actor; needs a tenant, so not as 'anonymous'. */
export async function record(tx: Tx, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return
  await query(
    tx,
    `insert into audit_entries (tenant_id, authority_id, user_id, case_id, act, subject, outcome, reason)
     select sluss_tenant(), sluss_authority(), sluss_user(), x."case", x.act, x.subject, x.outcome, x.reason
     from jsonb_to_recordset($1::jsonb) as x ("case" uuid, act text, subject text, outcome text, reason text)`,
    [JSON.stringify(entries)],
  )
}

type EntryAnswer = LogEntry & { readonly moment: string }

type LogRequest = {
  readonly scope: Scope<'audit.read'>
  readonly after: string | null
  /** Acts that are left out where they were allowed, before the page is cut: a page holds 100 of the others while there are so many. */
  readonly without: readonly Act[]
}

/** The entries of the actor's authority about one case, its own people's refusals included, newest first, 100 at most. */
export async function pageOfCase(tx: Tx, permit: Permit<'audit.read'>, request: LogRequest): Promise<Page<LogEntry>> {
  const place = placeOf(request.after, 'descending')
  if (place === 'unreadable') return { rows: [], next: null }
  const rows = await query<EntryAnswer>(
    tx,
    `select e.entry as id, e.at, sluss_moment(e.at) as moment, e.user_id as user, e.authority_id as authority, e.act, e.outcome, e.reason
     from audit_entries e
     where e.case_id = $1 and e.authority_id = (select sluss_authority())
       and e.id < case when $2::uuid is null then ${greatest}
         else (select p.id from audit_entries p where p.entry = $2 and p.case_id = $1 and p.authority_id = (select sluss_authority())) end
       and (e.outcome <> 'allowed' or e.act <> all ($4::text[]))
       and ${scopeSql(request.scope, { case: 'e.case_id' })}
     order by e.id desc limit $3`,
    [permit.ids.case, request.after === null ? null : place.id, logPage + 1, request.without],
  )
  return pageOf(rows, logPage, ({ moment: _, ...entry }) => entry)
}

/** Tenants with entries not yet chained; run as {system: 'sweeper', tenant: null}. */
export async function tenantsToSeal(tx: Tx): Promise<readonly TenantId[]> {
  const rows = await query<{ tenant_id: TenantId }>(tx, 'select distinct tenant_id from audit_waiting')
  return rows.map((row) => row.tenant_id)
}

/** Chains up to `limit` waiting entries of one tenant; run as {system: 'sealer', tenant}. Answers how many. */
export async function sealNext(tx: Tx, limit: number): Promise<number> {
  const [row] = await query<{ sealed: number }>(tx, 'select sluss_seal_entries($1) as sealed', [limit])
  return row?.sealed ?? 0
}

/** Tenants whose chain may be walked: all there are; run as {system: 'sweeper', tenant: null}. */
export async function tenantsToVerify(tx: Tx): Promise<readonly TenantId[]> {
  const rows = await query<{ tenant: TenantId }>(tx, 'select id as tenant from tenants order by id')
  return rows.map((row) => row.tenant)
}

/** How far a chain was walked: the place that comes next, and the hash before it. */
export type Walked = { readonly next: number; readonly hash: string | null }
export const fromTheStart: Walked = { next: 0, hash: null }

/**
 * Walks up to `atMost` seals of a tenant's chain; run as the sealer. `broken`: the first place whose seal does not fit, or null.
 * `walked` is null where the chain has no more.
 */
export async function walkSeals(
  tx: Tx,
  from: Walked,
  atMost: number,
): Promise<{ readonly broken: number | null; readonly walked: Walked | null }> {
  const [row] = await query<{ walked: number; broken: string | null; hash: string }>(
    tx,
    `select walked, broken, encode(hash, 'hex') as hash from sluss_walk_seals($1, decode($2, 'hex'), $3)`,
    [from.next, from.hash, atMost],
  )
  if (row === undefined) throw new Error('a walk has an answer')
  if (row.broken !== null) return { broken: Number(row.broken), walked: null }
  return { broken: null, walked: row.walked < atMost ? null : { next: from.next + row.walked, hash: row.hash } }
}
