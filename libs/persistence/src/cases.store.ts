// Cases: the lock, the append to their chains, the lists, the working titles. Facts for decisions are in case-facts.ts.
import type {
  AuthorityId,
  CaseId,
  Hash,
  Head,
  KeyId,
  Phase,
  PlaceName,
  Projection,
  TenantId,
  UnitId,
} from '#libs/domain'
import { instantOf } from '#libs/domain'
import type { Permit, Scope } from '#libs/policy'
import { storeStatements } from './append.ts'
import { listedSql } from './case-list.ts'
import type { StatementAnswer, StatementRow } from './chains.ts'
import { rowOf, statementColumns, storedStatement } from './chains.ts'
import { pageOf, placeOf } from './cursor.ts'
import { grouped } from './grouped.ts'
import { Conflict } from './problems.ts'
import { isProjectedTable, projectionRows } from './projection-rows.ts'
import { relationSql, waysOf } from './relations.sql.ts'
import type { Page, StatementToStore, StoredStatement, WithdrawnGrant, WrapRow } from './signed.ts'
import type { Tx } from './transaction.ts'
import { clockOf, personOf, query } from './transaction.ts'

export { consentFacts, facts, lockedConsentFacts, lockedFacts } from './case-facts.ts'

export type CaseRow = {
  readonly id: CaseId
  readonly number: string
  readonly tenant: TenantId
  readonly authority: AuthorityId
  readonly unit: UnitId
  readonly phase: Phase
  readonly openedAt: Date
  /** When a chain that the actor's authority sees last moved. */
  readonly changedAt: Date
  readonly relation: 'assigned' | 'receiver' | 'former'
  readonly title: { readonly key: KeyId; readonly bytes: string } | null
}
/** Acts whose permits carry a case and whose operation appends to its chains. */
export type AppendAct =
  | 'case.open'
  | 'key.maintain'
  | 'assignment.add'
  | 'assignment.end'
  | 'decision.settle'
  | 'consent.register'
  | 'consent.confirm'
  | 'consent.narrow'
  | 'consent.follow'
  | 'consent.withdraw'
  | 'disclosure.make'
  | 'disclosure.close'
  | 'message.send'
  | 'seal.add'
export type AppendPermit = { readonly [A in AppendAct]: Permit<A> }[AppendAct]

export type CaseAppend = {
  readonly statements: readonly StatementToStore[]
  /** Withdrawals whose place is taken: they narrow at once and their client completes the chain afterwards (protocol.md § 4 rule 3). */
  readonly held: readonly StatementToStore[]
  readonly wraps: readonly WrapRow[]
  /** Called once with all statements of the case, in the order accepted, these included; a throw rolls everything back. `at`: when to fold for. */
  readonly project: (history: readonly StoredStatement[], at: Date) => Projection | Promise<Projection>
}

/** The lock of `lockedFacts` for a case that is not there yet. */
export async function lockCase(tx: Tx, caseId: CaseId): Promise<void> {
  await query(tx, 'select pg_advisory_xact_lock(hashtextextended($1, 1))', [caseId])
}

/** Throws Conflict('already-exists') where the case to be opened is there already, also where the actor may not know it. */
export async function requireNew(tx: Tx, permit: Permit<'case.open'>): Promise<void> {
  const [row] = await query<{ appends: boolean }>(tx, 'select sluss_has_part($1) as appends', [permit.ids.case])
  if (row?.appends !== true) throw new Conflict('already-exists')
}

/** What the actor's authority sees of a case's chains, in the order accepted: for folding what is to be decided; never answered. */
export async function visibleStatements(tx: Tx, caseId: CaseId): Promise<readonly StoredStatement[]> {
  const sql = `select ${statementColumns} from statements where case_id = $1 order by ordinal`
  return (await query<StatementAnswer>(tx, sql, [caseId])).map(storedStatement)
}

/** Those of them that these hashes name. */
export async function statementsNamed(
  tx: Tx,
  caseId: CaseId,
  hashes: readonly Hash[],
): Promise<readonly StoredStatement[]> {
  const sql = `select ${statementColumns} from statements where case_id = $1 and hash = any ($2)`
  return (await query<StatementAnswer>(tx, sql, [caseId, hashes])).map(storedStatement)
}

/** The chains that the actor's authority sees, whole: its own ledger and the strands from and to it. */
export async function chainsOf(
  tx: Tx,
  permit: AppendPermit | Permit<'case.read'>,
): Promise<readonly { readonly place: PlaceName; readonly statements: readonly StoredStatement[] }[]> {
  const statements = (await visibleStatements(tx, permit.ids.case)).filter((each) => each.inChain)
  return [...grouped(statements, (each) => each.place)].map(([place, ofPlace]) => ({ place, statements: ofPlace }))
}

/** Stores statements and wraps, folds the whole case by `project` and writes what follows, for other authorities too. */
export async function storeAppend(
  tx: Tx,
  permit: AppendPermit,
  append: CaseAppend,
): Promise<{ readonly heads: Readonly<Record<PlaceName, Head>>; readonly acceptedAt: Date }> {
  const caseId = permit.ids.case
  const rows = [
    ...append.statements.map((each) => rowOf(each, 'in-chain')),
    ...append.held.map((each) => rowOf(each, 'held')),
  ]
  if (rows.some((row) => row.case_id !== caseId)) throw new Error('not the case that the permit is for')
  const heads = await storeStatements(tx, rows)
  await storeWraps(tx, caseId, append.wraps, rows, permit.actor.authority)
  await projectCase(tx, caseId, append.project)
  return { heads, acceptedAt: await clockOf(tx) }
}

type Said = { readonly at: Date }
type Project = (history: readonly StoredStatement[], at: Date) => Projection | Promise<Projection>

/** All statements of the case, folded by `project`, become its rows. */
async function projectCase(tx: Tx, caseId: CaseId, project: Project, said: readonly Said[] = []): Promise<void> {
  const history = await query<StatementAnswer & { at: Date }>(tx, 'select * from sluss_case_statements($1)', [caseId])
  const statements = history.map(storedStatement)
  const at = await clockOf(tx)
  const newestSaid = newest(at, [...history, ...said])
  const projected = projectionRows(await project(statements, newestSaid), statements, { at, said: newestSaid })
  const [answer] = await query<{ counts: Readonly<Record<string, number>> }>(
    tx,
    'select sluss_apply_projection($1, $2::jsonb) as counts',
    [caseId, JSON.stringify(projected)],
  )
  for (const [table, count] of Object.entries(answer?.counts ?? {}))
    if (!isProjectedTable(table) || count !== projected[table].length)
      throw new Error(`${table} holds another number of rows than was projected`)
}

/**
 * Projects anew every case in which a person is assigned whose key this transaction's statement on the tenant chain ends, replaces
 * or renews, by what was `said` there; after `storeTenantAppend`. Answers which cases.
 */
export async function projectCasesOfChangedKeys(
  tx: Tx,
  _permit: Permit<'key.certify'> | Permit<'key.end'>,
  said: Said,
  projectOf: (caseId: CaseId) => Project,
): Promise<readonly CaseId[]> {
  const rows = await query<{ id: CaseId }>(tx, 'select sluss_cases_of_changed_keys() as id')
  for (const { id } of rows) {
    await lockCase(tx, id)
    await projectCase(tx, id, projectOf(id), [said])
  }
  return rows.map(({ id }) => id)
}

/** The clock, or the newest time said where that is a little ahead of it (protocol.md § 2 `at`): what was said is then in force. */
function newest(clock: Date, history: readonly Said[]): Date {
  const ahead = history.map(({ at }) => at.getTime()).filter((at) => at <= clock.getTime() + 4 * 60_000)
  return new Date(ahead.reduce((latest, at) => Math.max(latest, at), clock.getTime()))
}

/** A flow key's wrap goes to the strand's other end; all others stay in the authority that made them. */
async function storeWraps(
  tx: Tx,
  caseId: CaseId,
  wraps: readonly WrapRow[],
  rows: readonly StatementRow[],
  own: AuthorityId,
): Promise<void> {
  const recipients = new Map<string, AuthorityId>()
  for (const row of rows) {
    if (row.type !== 'flow.keyed' || row.kind !== 'strand') continue
    const { body } = JSON.parse(row.bytes) as { body: { flow: string } } // checked before it was brought here
    recipients.set(body.flow, row.recipient_id)
  }
  const stored = wraps.map((wrap) => ({
    ...wrap,
    authority: wrap.to === 'epoch' ? own : (recipients.get(wrap.key) ?? own),
  }))
  await query(
    tx,
    `insert into wraps (key_id, holder, case_id, source_id, authority_id, bytes)
     select x.key, x."to", $2, $3, x.authority, decode(x.bytes, 'base64')
     from jsonb_to_recordset($1::jsonb) as x (key uuid, "to" text, authority uuid, bytes text)`,
    [JSON.stringify(stored), caseId, own],
  )
}

// ---- lists and single cases

const isAssigned = (column: string): string => relationSql.assigned({ case: column })
const caseColumns = `c.id, c.number, c.tenant_id as tenant, c.authority_id as authority, c.unit_id as unit, c.phase, c.opened_at as "openedAt",
  coalesce(p.changed_at, c.opened_at) as "changedAt", sluss_moment(c.opened_at) as moment, ${isAssigned('c.id')} as assigned,
  t.key_id as title_key, translate(encode(t.bytes, 'base64'), E'\\n', '') as title_bytes`
const caseDetails = `left join parties p on p.case_id = c.id and p.authority_id = (select sluss_authority())
  left join case_titles t on t.case_id = c.id and t.authority_id = (select sluss_authority())
    and exists (select 1 from readers r where r.key_id = t.key_id and r.user_id = (select sluss_user())
      and r.valid_from <= (select sluss_now()) and r.valid_until > (select sluss_now()))`

type CaseAnswer = Omit<CaseRow, 'relation' | 'title'> & {
  readonly moment: string
  readonly assigned: boolean
  readonly title_key: KeyId | null
  readonly title_bytes: string | null
}

const caseRow =
  (otherwise: 'receiver' | 'former') =>
  ({ moment: _, assigned, title_key, title_bytes, ...row }: CaseAnswer): CaseRow => ({
    ...row,
    relation: assigned ? 'assigned' : otherwise,
    title: title_key === null || title_bytes === null ? null : { key: title_key, bytes: title_bytes },
  })

/** One's cases, the newest first. */
export async function page(
  tx: Tx,
  scope: Scope<'case.list'>,
  request: {
    readonly after: string | null
    readonly limit: number
    readonly phase: Phase | null
    readonly relation: 'assigned' | 'receiver' | null
  },
): Promise<Page<CaseRow>> {
  const place = placeOf(request.after, 'descending')
  const ways = waysOf(scope)
  if (place === 'unreadable' || ways.length === 0) return { rows: [], next: null }
  // Said as values, so that the planner knows how much there is; row-level security asks the settings all the same.
  const { user, authority } = personOf(tx)
  const rows = await query<CaseAnswer>(
    tx,
    `select ${caseColumns} from (${listedSql(ways, request)}) as listed join cases c on c.id = listed.case_id ${caseDetails}
     where $5::uuid is not null and $6::uuid is not null
     order by listed.opened_at desc, listed.case_id desc`,
    [request.phase, place.moment, place.id, request.limit + 1, user, authority],
  )
  return pageOf(rows, request.limit, caseRow('receiver'))
}

/** The summary of a case that a permit was given for. */
export async function findCase(tx: Tx, permit: AppendPermit | Permit<'case.read'>): Promise<CaseRow> {
  const [row] = await query<CaseAnswer>(tx, `select ${caseColumns} from cases c ${caseDetails} where c.id = $1`, [
    permit.ids.case,
  ])
  if (row === undefined) throw new Error('a permit for a case that is not there')
  const receives = await query<{ receives: boolean }>(tx, 'select sluss_receives() as receives')
  return caseRow(receives[0]?.receives === true ? 'receiver' : 'former')(row)
}

/** Grants that the server knows as withdrawn before the signed reason has come to the actor's authority (protocol.md § 4 rule 4). */
export async function withdrawnGrants(tx: Tx, permit: Permit<'case.read'>): Promise<readonly WithdrawnGrant[]> {
  const rows = await query<{ grant: Hash; since: Date }>(
    tx,
    'select grant_hash as grant, since from withdrawn_grants where case_id = $1 and authority_id = sluss_authority() order by since, grant_hash',
    [permit.ids.case],
  )
  return rows.map((row) => ({ grant: row.grant, since: instantOf(row.since.getTime()) }))
}

/** The newest title wins. Throws Conflict('key-stale') where the key is not a current epoch of the authority's `plan`. */
export async function storeTitle(
  tx: Tx,
  permit: Permit<'case.title'>,
  title: { readonly key: KeyId; readonly bytes: string },
): Promise<void> {
  const [epoch] = await query(
    tx,
    `select 1 from content_keys where id = $1 and case_id = $2 and kind = 'epoch' and authority_id = sluss_authority()
       and category = 'plan' and stale_since is null and valid_until > sluss_now()`,
    [title.key, permit.ids.case],
  )
  if (epoch === undefined) throw new Conflict('key-stale')
  await query(
    tx,
    `insert into case_titles (case_id, authority_id, key_id, bytes) values ($1, sluss_authority(), $2, decode($3, 'base64'))
     on conflict (case_id, authority_id) do update set key_id = excluded.key_id, bytes = excluded.bytes`,
    [permit.ids.case, title.key, title.bytes],
  )
}
