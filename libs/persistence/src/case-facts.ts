// What a decision may know of a case, loaded under row-level security: a stranger's question finds nothing.
import type { AuthorityId, CaseId, Category, RegistrationId, UnitId } from '#libs/domain'
import { instantOf } from '#libs/domain'
import type { AssignmentFacts, CaseFacts, ConsentFacts } from '#libs/policy'
import type { Tx } from './transaction.ts'
import { query } from './transaction.ts'

type Row = {
  readonly owner: AuthorityId
  readonly party: 'is' | 'was' | null
  readonly units: readonly UnitId[] | null
  readonly state: 'standing' | 'ended' | 'barred' | null
  readonly categories: readonly Category[] | null
  readonly until: Date | null
  readonly expired: boolean | null
}

/** How the case stands to the transaction's person; null: nothing that she may know of. */
export async function facts(tx: Tx, caseId: CaseId): Promise<CaseFacts | null> {
  const [row] = await query<Row>(
    tx,
    `select c.authority_id as owner, case when p.during @> sluss_now() then 'is' when p.during is not null then 'was' end as party, p.units, a.state, a.categories, a.valid_until as until,
            a.valid_until <= sluss_now() as expired
     from cases c
     left join parties p on p.case_id = c.id and p.authority_id = sluss_authority()
     left join assignments a on a.case_id = c.id and a.user_id = sluss_user() and a.authority_id = sluss_authority()
     where c.id = $1`,
    [caseId],
  )
  if (row === undefined) return null
  return {
    about: 'case',
    case: caseId,
    owner: row.owner,
    assignment: assignmentOf(row),
    barred: row.state === 'barred',
    party: row.party ?? 'never',
    units: row.units,
  }
}

/**
 * The same for whoever appends: appends wait for each other, and for messages being sent in this case, until the transaction ends. To
 * whom the case is nothing does not wait, so that how long she waits tells her nothing either.
 */
export async function lockedFacts(tx: Tx, caseId: CaseId): Promise<CaseFacts | null> {
  return (await lockKnown(tx, caseId)) ? facts(tx, caseId) : null
}

/** `consentFacts` under the lock of `lockedFacts`. */
export async function lockedConsentFacts(
  tx: Tx,
  caseId: CaseId,
  registration: RegistrationId,
): Promise<ConsentFacts | null> {
  return (await lockKnown(tx, caseId)) ? consentFacts(tx, caseId, registration) : null
}

/** Row-level security leaves no row to lock by where the case is nothing to her. */
async function lockKnown(tx: Tx, caseId: CaseId): Promise<boolean> {
  const sql = 'select pg_advisory_xact_lock(hashtextextended($1::text, 1)) from cases where id = $1::uuid'
  return (await query(tx, sql, [caseId])).length > 0
}

function assignmentOf(row: Row): AssignmentFacts {
  if (row.state === null || row.until === null) return { state: 'none' }
  const state = row.state === 'standing' ? (row.expired === true ? 'expired' : 'standing') : 'ended'
  return { state, categories: row.categories ?? [], until: instantOf(row.until.getTime()) }
}

/** How her authority has heard of a consent; null only where the case itself is nothing to her. */
export async function consentFacts(tx: Tx, caseId: CaseId, registration: RegistrationId): Promise<ConsentFacts | null> {
  const caseFacts = await facts(tx, caseId)
  if (caseFacts === null) return null
  const [row] = await query<{ heard: 'registered' | 'shared' | 'granted' }>(
    tx,
    'select heard from heard_consents where case_id = $1 and registration_id = $2 and authority_id = sluss_authority()',
    [caseId, registration],
  )
  return { about: 'consent', in: caseFacts, registration, heard: row?.heard ?? 'none' }
}
